"""Identifiers of electronic certificates (GB/T 36904-2018)."""

import re
from dataclasses import dataclass
from typing import ClassVar, Self

from zhengshu.kernel.checks import mod_37_36
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.text import narrow

ROOT = "1.2.156.3005.2"
"""The object identifier under which every certificate stands."""

_FORM = re.compile(
    r"(?:1\.2\.156\.3005\.2\.)?(?P<kind>[0-9A-Z]{4,21})\.(?P<issuer>[0-9A-Z]{18})"
    r"\.(?P<serial>[0-9A-Z]{1,32})\.(?P<version>[0-9]{3})\.(?P<check>[0-9A-Z])"
)
_PART = re.compile(r"[0-9A-Z]+")


class CertificateNumberInvalid(Refused):
    """The identifier does not have the parts of GB/T 36904."""

    code: ClassVar[str] = "kernel.certificate-number-invalid"
    message: ClassVar[str] = (
        "This is not the identifier of a certificate. Expected is 1.2.156.3005.2 followed by type, issuer "
        "(18 characters), serial, version (3 digits) and check character, separated by dots."
    )


class CertificateIssuerWrong(CertificateNumberInvalid):
    """The issuer's unified social credit code is not one."""

    code: ClassVar[str] = "kernel.certificate-issuer-wrong"
    message: ClassVar[str] = "The issuer in the certificate's identifier is not a unified social credit code."


class CertificateCheckWrong(CertificateNumberInvalid):
    """The last character does not fit the others: one of them was mistyped."""

    code: ClassVar[str] = "kernel.certificate-check-wrong"
    message: ClassVar[str] = (
        "The check character of the certificate's identifier does not fit: a character was mistyped."
    )


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class CertificateNumber:
    """The identifier of one certificate in one version. Make one by `parse` or `of`.

    Attributes:
        kind: the type of certificate; mostly the 18 characters of the body that defined it and 3 digits.
        issuer: who issued it.
        serial: up to 32 digits and capitals.
        version: from 1; each new issue of the same certificate counts one further.
    """

    kind: str
    issuer: CreditCode
    serial: str
    version: int = 1

    @classmethod
    def of(cls, *, kind: str, issuer: CreditCode, serial: str, version: int = 1) -> Self:
        """Make the identifier of a new certificate.

        Raises:
            CertificateNumberInvalid: a part that the standard does not allow.
        """
        number = cls(kind=kind, issuer=issuer, serial=serial, version=version)
        if not (_PART.fullmatch(kind) and _PART.fullmatch(serial) and _FORM.fullmatch(str(number))):
            raise CertificateNumberInvalid
        return number

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an identifier with or without the object identifier in front.

        Basis: GB/T 36904-2018.

        Raises:
            CertificateNumberInvalid: a part is missing or has letters that it may not have.
            CertificateIssuerWrong: the issuer is not a unified social credit code.
            CertificateCheckWrong: the check character does not fit.
        """
        found = _FORM.fullmatch(narrow(text).upper())
        if found is None:
            raise CertificateNumberInvalid
        if not CreditCode.is_valid(found["issuer"]):
            raise CertificateIssuerWrong
        issuer = CreditCode(found["issuer"])
        number = cls(kind=found["kind"], issuer=issuer, serial=found["serial"], version=int(found["version"]))
        if number.check != found["check"]:
            raise CertificateCheckWrong
        return number

    @classmethod
    def is_valid(cls, text: str) -> bool:
        """Whether `parse` would read it."""
        try:
            cls.parse(text)
        except CertificateNumberInvalid:
            return False
        return True

    @property
    def check(self) -> str:
        """The check character over type, issuer, serial and version."""
        return mod_37_36(f"{self.kind}{self.issuer}{self.serial}{self.version:03}")

    def __str__(self) -> str:
        return f"{ROOT}.{self.kind}.{self.issuer}.{self.serial}.{self.version:03}.{self.check}"
