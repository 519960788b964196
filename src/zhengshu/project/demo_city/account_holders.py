"""Whom of the city an account is given: the first of the truth who fit what their account is there to be tried for."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhengshu.project.demo_city.content import City
from zhengshu.project.demo_city.registers_benefits import ENTITLED

_BIRTHS: Final = "health/births.csv"
_FIRMS: Final = "market/enterprises.csv"
_INSURANCE: Final = "social/insurance.csv"
_GROWN: Final = 25
Row = Mapping[str, object]


class PublicPerson(msgspec.Struct, frozen=True):
    """A citizen with an account, or the delegate of an enterprise."""

    username: str
    name: str
    citizen_id: str
    code: str = ""
    firm: str = ""


def choose_holders(city: City, folder: Path) -> Iterator[PublicPerson]:
    """Yield insured grown-ups, mothers of newborns, old people entitled to the allowance, owners of small firms."""
    wanted, truth = city.public_accounts, folder / "truth"
    persons = pq.read_table(truth / "persons.parquet", columns=["name", "citizen_id", "born_on", "died_on"])
    yield from _numbered("citizen", islice(_insured(city, truth, persons), wanted.citizens))
    yield from _numbered("mother", islice(_mothers(truth, persons), wanted.mothers))
    yield from _numbered("elder", islice(_elders(city, truth, persons), wanted.elders))
    firms = islice(_firms(city, truth, persons), wanted.enterprises)
    for number, (firm, owner) in enumerate(firms, start=1):
        yield PublicPerson(
            f"enterprise.{number}",
            str(owner["name"]),
            str(owner["citizen_id"]),
            str(firm["credit_code"]),
            str(firm["name"]),
        )


def _numbered(kind: str, people: Iterator[Row]) -> Iterator[PublicPerson]:
    for number, row in enumerate(people, start=1):
        yield PublicPerson(f"{kind}.{number}", str(row["name"]), str(row["citizen_id"]))


def _insured(city: City, truth: Path, persons: pa.Table) -> Iterator[Row]:
    """Yield the living grown-ups whom the register of insurance knows by one line without a fault."""
    until = str(city.as_of.year - _GROWN)
    lines, spoilt = _subjects(truth, _INSURANCE, "person"), _spoilt(truth, _INSURANCE)
    times = Counter(lines.values())
    faulty = {subject for line, subject in lines.items() if line in spoilt}
    for number, row in enumerate(persons.slice(0, 5_000).to_pylist()):
        is_known = times[number] == 1 and number not in faulty
        if is_known and not row["died_on"] and row["born_on"] < until:
            yield row


def _mothers(truth: Path, persons: pa.Table) -> Iterator[Row]:
    """Yield the living mothers of the youngest children whose registered birth has no fault."""
    children, mothers = _subjects(truth, _BIRTHS, "child"), _subjects(truth, _BIRTHS, "mother")
    born, spoilt = [str(day) for day in persons["born_on"].to_pylist()], _spoilt(truth, _BIRTHS)
    for row in sorted(children, key=lambda row: born[children[row]], reverse=True):
        mother = _person(persons, mothers[row])
        if row not in spoilt and not mother["died_on"]:
            yield mother


def _elders(city: City, truth: Path, persons: pa.Table) -> Iterator[Row]:
    """Yield those to whom the allowance is due."""
    numbers = _entitled(truth, "old-age-allowance", on=city.as_of.isoformat())
    is_one = pc.is_in(persons["citizen_id"], value_set=pa.array(sorted(numbers), pa.string()))
    yield from persons.filter(is_one).to_pylist()


def _firms(city: City, truth: Path, persons: pa.Table) -> Iterator[tuple[Row, Row]]:
    """Yield the small firms that trade and whose registration has no fault, each with its living owner."""
    small = _entitled(truth, "small-enterprise-relief", on=city.as_of.isoformat())
    rows, spoilt = _subjects(truth, _FIRMS, "enterprise"), _spoilt(truth, _FIRMS)
    faulty = {subject for row, subject in rows.items() if row in spoilt}
    for firm in pq.read_table(truth / "enterprises.parquet").to_pylist():
        owner = _person(persons, firm["legal_representative"])
        if firm["credit_code"] in small and firm["enterprise"] not in faulty and not owner["died_on"]:
            yield firm, owner


def _person(persons: pa.Table, number: int) -> Row:
    found: Row = persons.slice(number, 1).to_pylist()[0]
    return found


def _entitled(truth: Path, benefit: str, *, on: str) -> frozenset[str]:
    """Return the numbers of those who are entitled on a day."""
    rows = pq.read_table(truth / "benefits.parquet", filters=[("benefit", "=", benefit)]).to_pylist()
    return frozenset(
        row["subject"] for row in rows if row["verdict"] == ENTITLED and row["entitled_from"] <= on
    )


def _subjects(truth: Path, file: str, role: str) -> dict[int, int]:
    """Return the rows of a file → whom they are about in a role."""
    rows = pq.read_table(truth / "records.parquet", filters=[("file", "=", file)]).to_pylist()
    return {row["row"]: row["subject"] for row in rows if row["role"] == role}


def _spoilt(truth: Path, file: str) -> frozenset[int]:
    """Return the rows of a file that have a fault."""
    faults = pq.read_table(truth / "faults.parquet", columns=["row"], filters=[("file", "=", file)])
    return frozenset(row["row"] for row in faults.to_pylist())
