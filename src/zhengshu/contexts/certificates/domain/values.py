"""What stands on one certificate: checked against its type, filled from its holder, masked for strangers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from zhengshu.contexts.certificates.domain.types import CertificateType, Field, FieldKind, HolderKind
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.masks import apply


class ValuesUnfit(Refused):
    """The values do not fit the type of certificate: one is missing, too long, unknown, or not of its kind."""

    code: ClassVar[str] = "certificates.values-unfit"
    message: ClassVar[str] = (
        "The certificate cannot be issued: “%(field)s” is missing or not as its type demands."
    )


class HolderUnfit(Refused):
    """The holder is no holder for this type: a person has a citizen ID (or a keeper), an enterprise a credit code."""

    code: ClassVar[str] = "certificates.holder-unfit"
    message: ClassVar[str] = "The holder does not fit the type of certificate, or has no valid number."


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds a certificate.

    Attributes:
        number: a citizen ID or a unified social credit code; empty for a newborn, who has none yet.
    """

    kind: HolderKind
    name: str = field(repr=False)
    number: str = field(default="", repr=False)

    @classmethod
    def person(cls, *, name: str, citizen_id: CitizenId | str = "") -> "Holder":
        """Return a person as a holder."""
        return cls(kind=HolderKind.PERSON, name=name, number=str(citizen_id))

    @classmethod
    def enterprise(cls, *, name: str, credit_code: CreditCode | str) -> "Holder":
        """Return an enterprise as a holder."""
        return cls(kind=HolderKind.ENTERPRISE, name=name, number=str(credit_code))

    @property
    def is_known(self) -> bool:
        """Whether its number is one."""
        if self.kind is HolderKind.PERSON:
            return CitizenId.is_valid(self.number)
        return CreditCode.is_valid(self.number)


def check_holder(holder: Holder, *, kind: HolderKind, has_keepers: bool) -> None:
    """Check that somebody may hold a certificate of a kind; a person without a number needs somebody who keeps it.

    Raises:
        HolderUnfit: the holder is of another kind, or nobody could ever find the certificate.
    """
    is_newborn = kind is HolderKind.PERSON and not holder.number and has_keepers
    if holder.kind is not kind or not holder.name.strip() or not (holder.is_known or is_newborn):
        raise HolderUnfit


def fit_values(found: CertificateType, values: Mapping[str, str], *, holder: Holder) -> dict[str, str]:
    """Return the values of a certificate in the order of its type, with those that repeat its holder.

    Raises:
        ValuesUnfit: one is missing, unknown, too long or not of its kind.
    """
    known = {one.code for one in found.fields}
    for code in values:
        if code not in known:
            raise ValuesUnfit(field=code)
    fitted: dict[str, str] = {}
    for one in found.fields:
        value = str(values.get(one.code, "")).strip() or _filled(one, holder)
        if not _fits(one, value):
            raise ValuesUnfit(field=one.names.zh)
        if value:
            fitted[one.code] = value
    return fitted


def masked(found: CertificateType, values: Mapping[str, str]) -> dict[str, str]:
    """Return of each value what strangers see, by the grade of its field."""
    return {one.code: apply(one.mask, values[one.code]) for one in found.fields if one.code in values}


def _filled(one: Field, holder: Holder) -> str:
    return {"holder_name": holder.name, "holder_number": holder.number}.get(one.fill, "")


def _fits(one: Field, value: str) -> bool:
    if not value:
        return not one.required
    if len(value) > one.most or any(ord(letter) < ord(" ") and letter != "\n" for letter in value):
        return False
    match one.kind:
        case FieldKind.DATE:
            return _is_day(value)
        case FieldKind.CITIZEN_ID:
            return CitizenId.is_valid(value)
        case FieldKind.CREDIT_CODE:
            return CreditCode.is_valid(value)
        case _:
            return True


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
