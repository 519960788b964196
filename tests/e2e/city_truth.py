"""The truth of the demonstration city in the tests' platform: run as a program in its environment.

`compare CODE` prints what the truth says of a benefit against whom its last dry run found.
"""

import csv
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ALLOWANCE: Final = "old-age-allowance"
RELIEF: Final = "small-enterprise-relief"
_REGISTER: Final = "market/enterprises.csv"
_UNREADABLE: Final = frozenset({"check_digit_wrong", "row_shifted"})


@dataclass(frozen=True, slots=True)
class Newborn:
    """A child as the truth has it, and the hospital as the register of births does."""

    citizen_id: str
    sex: str
    born_on: str
    hospital: str


def password(platform: Path) -> str:
    """Return the password that all accounts of the city share, drawn when it was installed."""
    return str(json.loads((platform / "demo-city" / "accounts.json").read_bytes())["password"])


def newborn_of(platform: Path, username: str) -> Newborn:
    """Return the youngest child of somebody with an account."""
    import pyarrow.parquet as pq

    files = platform / "demo-city" / "files"
    people = json.loads((platform / "demo-city" / "accounts.json").read_bytes())["public"]
    mother = next(one["citizen_id"] for one in people if one["username"] == username)
    with (files / "health" / "births.csv").open(encoding="gb18030", newline="") as file:
        births = list(enumerate(csv.DictReader(file), start=1))
    row, birth = max(
        ((row, birth) for row, birth in births if birth["母亲证件号码"] == mother),
        key=lambda one: one[1]["出生时间"],
    )
    records = pq.read_table(files / "truth" / "records.parquet", filters=[("file", "=", "health/births.csv")])
    subject = next(
        one["subject"] for one in records.to_pylist() if one["row"] == row and one["role"] == "child"
    )
    (child,) = pq.read_table(files / "truth" / "persons.parquet").slice(subject, 1).to_pylist()
    return Newborn(child["citizen_id"], child["sex"], child["born_on"], birth["签发机构"])


def verdicts(files: Path, code: str) -> dict[str, tuple[str, str]]:
    """Return the truth: citizen ID or credit code → verdict and the day from which it holds."""
    import pyarrow.parquet as pq

    rows = pq.read_table(files / "truth" / "benefits.parquet").to_pylist()
    return {
        str(row["subject"]): (str(row["verdict"]), str(row["entitled_from"]))
        for row in rows
        if row["benefit"] == code
    }


def unread(files: Path) -> set[str]:
    """Return the firms of which the register of enterprises tells nothing: their line was spoilt on purpose."""
    import pyarrow.parquet as pq

    truth = files / "truth"
    spoilt = {
        row["row"]
        for row in pq.read_table(truth / "faults.parquet").to_pylist()
        if row["file"] == _REGISTER and row["fault"] in _UNREADABLE
    }
    firms = {
        row["subject"]
        for row in pq.read_table(truth / "records.parquet").to_pylist()
        if row["file"] == _REGISTER and row["kind"] == "enterprise" and row["row"] in spoilt
    }
    return {
        str(row["credit_code"])
        for row in pq.read_table(truth / "enterprises.parquet").to_pylist()
        if row["enterprise"] in firms
    }


def compare(files: Path, code: str) -> str:
    """Return who was found although not entitled, who was missed, and the same for those left to a person."""
    from zhengshu.contexts.services.models.benefits import BenefitRun, Found

    run = BenefitRun.objects.filter(benefit_id=code, is_dry=True).latest("started_at")
    on = run.on.isoformat()
    told = {number: verdict for number, (verdict, since) in verdicts(files, code).items() if since <= on}
    left = {
        number
        for number in (unread(files) if code == RELIEF else set())
        if told.get(number, ("", ""))[0] != "too_large"
    }
    said = {
        "entitled": {number for number, verdict in told.items() if verdict == "entitled"} - left,
        "check": {number for number, verdict in told.items() if verdict == "doubtful" or number in left},
    }
    found = {
        outcome: {row.number for row in Found.objects.filter(run=run, outcome=outcome)} for outcome in said
    }
    return json.dumps(
        {
            outcome: {
                "true": len(said[outcome]),
                "wrong": len(found[outcome] - said[outcome]),
                "missed": len(said[outcome] - found[outcome]),
            }
            for outcome in said
        }
    )


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    from zhengshu.foundation.storage import data_folder

    match sys.argv[1:]:
        case ["compare", benefit]:
            print(compare(data_folder("demo-city", "files"), benefit))  # noqa: T201 - the test reads it
