"""What a type of certificate says: its number, for whom it is, what stands on it, how long it is valid."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final, Literal

import msgspec

from zhengshu.kernel.errors import Refused
from zhengshu.kernel.masks import Mask, default_mask
from zhengshu.kernel.plain_yaml import read_yaml

_CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FIELD: Final = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER: Final = re.compile(r"[0-9A-Z]{18}[0-9]{3}")
LONGEST_CODE: Final = 27
"""So that the kind of document under which its seal is allowed fits its column."""
PERSONAL_GRADE: Final = 3
"""General data from this grade on is shown in part to strangers."""


class CertificateTypeFaulty(Refused):
    """A type of certificate in the content has a fault; correct its `type.yaml`."""

    code: ClassVar[str] = "certificates.type-faulty"
    message: ClassVar[str] = "The certificate type in %(folder)s has a fault: %(fault)s"


class HolderKind(StrEnum):
    """For whom certificates are."""

    PERSON = "person"
    ENTERPRISE = "enterprise"


class FieldKind(StrEnum):
    """What a field holds; it decides how it is checked and masked."""

    TEXT = "text"
    DATE = "date"
    NAME = "name"
    CITIZEN_ID = "citizen_id"
    CREDIT_CODE = "credit_code"
    PHONE = "phone"
    ADDRESS = "address"


_MASKS: Final[Mapping[FieldKind, Mask]] = {
    FieldKind.TEXT: Mask.FULL,
    FieldKind.DATE: Mask.DATE_YEAR,
    FieldKind.NAME: Mask.NAME,
    FieldKind.CITIZEN_ID: Mask.CITIZEN_ID,
    FieldKind.CREDIT_CODE: Mask.CREDIT_CODE,
    FieldKind.PHONE: Mask.PHONE,
    FieldKind.ADDRESS: Mask.ADDRESS,
}


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name in both languages."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """Return the name in a language; Chinese where there is no other."""
        return self.en if language.startswith("en") else self.zh


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that stands on a certificate.

    Attributes:
        element: the data element that it is, by the catalogue's code.
        grade: of GB/T 43697; decides what strangers see.
        fill: `holder_name` or `holder_number` where it repeats the holder.
    """

    code: str
    names: Names
    kind: FieldKind = FieldKind.TEXT
    element: str = ""
    grade: int = 1
    required: bool = True
    most: int = 200
    fill: str = ""

    @property
    def mask(self) -> Mask:
        """What of it strangers see; a person's name is never shown to them whole."""
        grade = max(self.grade, PERSONAL_GRADE) if self.kind is FieldKind.NAME else self.grade
        return default_mask(grade=grade, content=_MASKS[self.kind])


class Validity(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How long a certificate is valid: for years, months or days; without any of them for ever."""

    years: int = 0
    months: int = 0
    days: int = 0

    @property
    def is_endless(self) -> bool:
        """Whether a certificate is valid for ever."""
        return not (self.years or self.months or self.days)

    def end(self, begins: datetime) -> datetime | None:
        """Return the instant at which a certificate ends that begins at one; None for never.

        A certificate of a year from 5 March is valid through 4 March, as its last day is printed.
        """
        if self.is_endless:
            return None
        months = begins.year * 12 + begins.month - 1 + self.years * 12 + self.months
        year, month = divmod(months, 12)
        moved = begins.replace(year=year, month=month + 1, day=min(begins.day, _days_in(year, month + 1)))
        return moved + timedelta(days=self.days)


class Renewal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How certificates of a type are renewed.

    Attributes:
        opens: from so many working days before the last day on it may be asked for.
        closes: until so many working days before the last day it is asked for in time.
        basis: the article that says so.
        counts_from: from when the further period counts: the decision, or the end of the former period.
        late: what whoever asks later has to know.
    """

    opens: int
    closes: int
    basis: str
    counts_from: Literal["decision", "end"]
    late: Names


class CertificateType(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A type of certificate as its `type.yaml` says.

    Attributes:
        code: a short slug, the folder's name.
        number: the 21 characters by which GB/T 36904 knows it: the body that defined it, and three digits.
        statement: the sentence that the certificate makes; empty where its fields say everything.
        foot: what stands in small letters at its end.
        renewal: how it is renewed; None where that is no matter of its own.
    """

    code: str
    number: str
    names: Names
    holder: HolderKind
    basis: tuple[str, ...]
    fields: tuple[Field, ...]
    validity: Validity = Validity()
    statement: str = ""
    foot: str = ""
    renewal: Renewal | None = None

    def labels(self, language: str = "zh") -> dict[str, str]:
        """Return the names of its fields by their codes."""
        return {one.code: one.names.of(language) for one in self.fields}

    def field(self, code: str) -> Field | None:
        """Return a field by its code."""
        return next((one for one in self.fields if one.code == code), None)


def read_type(text: str, *, folder: str) -> CertificateType:
    """Read a type of certificate.

    Raises:
        CertificateTypeFaulty: it does not have its form, or contradicts itself.
    """
    try:
        read = msgspec.convert(read_yaml(text), CertificateType)
    except ValueError as fault:
        raise CertificateTypeFaulty(folder=folder, fault=str(fault)) from fault
    faults = faults_of(read, folder=folder)
    if faults:
        raise CertificateTypeFaulty(folder=folder, fault=faults[0])
    return read


def faults_of(read: CertificateType, *, folder: str) -> Sequence[str]:
    """Return what contradicts itself in a type, in English, for whoever writes content."""
    codes = [one.code for one in read.fields]
    checks = [
        (read.code == folder, "code: differs from the folder's name"),
        (
            bool(_CODE.fullmatch(read.code)) and len(read.code) <= LONGEST_CODE,
            f"code: small letters, digits and hyphens, at most {LONGEST_CODE}",
        ),
        (bool(_NUMBER.fullmatch(read.number)), "number: 18 characters of a credit code and 3 digits"),
        (bool(read.basis) and all(read.basis), "basis: names no article"),
        (bool(codes) and len(set(codes)) == len(codes), "fields: none, or one twice"),
        (all(_FIELD.fullmatch(code) for code in codes), "fields: codes are small letters and underscores"),
        (all(1 <= one.grade <= 4 for one in read.fields), "fields: grades are 1 to 4"),  # noqa: PLR2004 - of the standard
        (
            {one.fill for one in read.fields} <= {"", "holder_name", "holder_number"},
            "fields: fill is holder_name or holder_number",
        ),
        *_checks_of_renewal(read),
    ]
    return [words for is_right, words in checks if not is_right]


def _checks_of_renewal(read: CertificateType) -> Sequence[tuple[bool, str]]:
    rule = read.renewal
    if rule is None:
        return ()
    return (
        (not read.validity.is_endless, "renewal: what is valid for ever is not renewed"),
        (
            rule.opens >= rule.closes >= 1,
            "renewal: opens at the latest when it closes, a working day before the end",
        ),
        (bool(rule.basis), "renewal: names no article"),
    )


def _days_in(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day
