"""Who issues certificates in the city, and those that its people and firms with an account hold from the beginning."""

import csv
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec.yaml
from django.conf import settings

from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.identity import DepartmentId
from zhengshu.project.demo_city.accounts import PLATFORM, official_actor, public_numbers
from zhengshu.project.demo_city.content import pack_folder
from zhengshu.project.demo_city.sealing import SealWanted, apply_for

Say = Callable[[str], None]
_PERSONS: Final = "police/persons.csv"
_FIRMS: Final = "market/enterprises.csv"
_HELD_FOR: Final = timedelta(days=15)
"""Longer than the city's oldest application takes back: it finds what was held, and a changed licence replaces it."""


class Issuing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The types that a department issues."""

    department: str
    types: tuple[str, ...]


class Certifying(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seals for certificates, and who issues what."""

    seals: tuple[SealWanted, ...]
    issuers: tuple[Issuing, ...]


def read_certifying(folder: Path | None = None) -> Certifying:
    """Read who issues certificates.

    Raises:
        msgspec.ValidationError: the file does not have its form.
    """
    content = ((folder or pack_folder()) / "certificates.yaml").read_bytes()
    return msgspec.yaml.decode(content, type=Certifying)


def install_certificates(ids: Mapping[str, DepartmentId], folder: Path, *, at: datetime, say: Say) -> None:
    """Load the types, have the seals made, name the issuers, and issue to people and firms what registers know.

    What is there already is left as it is.
    """
    certificates.load_types(folder=settings.PACKS_FOLDER / "certificate-types", at=at)
    content = read_certifying()
    wanted = {one.department: one for one in content.seals}
    ready = certificates.types_with_a_seal()
    for issuing in content.issuers:
        lacking = [code for code in issuing.types if code not in ready]
        if lacking:
            say(f"certificates of {issuing.department}")
            _authorise(lacking, wanted[issuing.department], ids[issuing.department], at=at)
    _issue(folder, at=at - _HELD_FOR, say=say)


def _authorise(codes: list[str], wanted: SealWanted, department_id: DepartmentId, *, at: datetime) -> None:
    """Let a department have its seal, and issue some types with it."""
    seal = _seal(wanted, at=at)
    if seal is None:
        officer = official_actor(f"{wanted.department}.officer")
        apply_for(wanted, officer, at=at - timedelta(days=wanted.days_ago))
        seal = _seal(wanted, at=at)
    reviewer, head = official_actor("data.reviewer"), official_actor(f"{wanted.department}.head")
    for code in codes:
        since = at - _HELD_FOR
        certificates.name_issuer(type_code=code, department_id=department_id, actor=reviewer, at=since)
        if seal is not None:
            certificates.allow_seal(type_code=code, seal_id=seal.id, actor=head, at=since)


def _seal(wanted: SealWanted, *, at: datetime) -> trust.SealRecord | None:
    """Return the seal that the department has for this purpose, if it is in use."""
    officer = official_actor(f"{wanted.department}.officer")
    return next(
        (
            one
            for one in trust.seals_of_department(actor=officer, at=at)
            if one.purpose == wanted.purpose and one.state == "in_use"
        ),
        None,
    )


def _issue(folder: Path, *, at: datetime, say: Say) -> None:
    """Issue what was on paper before: a page of the household register to citizens, a licence to firms."""
    numbers = public_numbers()
    for row in _rows(folder / _PERSONS, "公民身份号码", numbers):
        holder = certificates.Holder.person(name=row["姓名"], citizen_id=row["公民身份号码"])
        _once("household-page", holder, _household(row), at=at, say=say)
    for row in _rows(folder / _FIRMS, "统一社会信用代码", numbers):
        holder = certificates.Holder.enterprise(name=row["企业名称"], credit_code=row["统一社会信用代码"])
        _once("business-licence", holder, _licence(row), at=at, say=say)


def _once(
    code: str, holder: certificates.Holder, values: Mapping[str, str], *, at: datetime, say: Say
) -> None:
    if not holder.is_known or certificates.held(holder, at=at, type_code=code):
        return
    # A register has faults on purpose; what a certificate cannot say is not issued.
    with suppress(certificates.ValuesUnfit, certificates.HolderUnfit, trust.CharactersNotSet):
        certificates.issue(type_code=code, holder=holder, values=values, case_id=None, actor=PLATFORM, at=at)
        say(f"a certificate: {code}")


def _household(row: Mapping[str, str]) -> dict[str, str]:
    return {
        "relation": row["与户主关系"],
        "gender": row["性别"],
        "ethnic_group": row["民族"],
        "birth_date": row["出生日期"],
        "household_number": row["户号"],
        "address": row["户籍地址"],
        "registered_on": row["出生日期"],
    }


def _licence(row: Mapping[str, str]) -> dict[str, str]:
    return {
        "enterprise_type": row["企业类型"],
        "legal_representative": row["法定代表人"],
        "capital": _capital(row["注册资本"]),
        "registered_on": row["成立日期"],
        "address": row["住所"],
        "scope": row["经营范围"],
    }


def _capital(written: str) -> str:
    """Return the capital as a licence has it; what the register writes otherwise stays as it is."""
    yuan, _dot, cents = written.partition(".")
    return f"人民币{int(yuan) / 10_000:g}万元" if yuan.isdecimal() and not cents.strip("0") else written


def _rows(file: Path, key: str, numbers: frozenset[str]) -> Iterable[Mapping[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        seen: set[str] = set()
        for row in csv.DictReader(opened):
            if row[key] in numbers and row[key] not in seen:
                seen.add(row[key])
                yield row
            if len(seen) == len(numbers):
                return
