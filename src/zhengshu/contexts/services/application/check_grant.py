"""Looking whether the certificate of what is granted can be made, before an official grants it."""

from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services.application.certificate_faults import PLATFORM
from zhengshu.contexts.services.application.issue_certificate import Contents, contents_of
from zhengshu.contexts.services.application.issue_results import asker_of, contents_of_result, told_in
from zhengshu.contexts.services.application.one_thing_pack import part_of_item
from zhengshu.contexts.services.domain.applications import GRANTING
from zhengshu.contexts.services.models import Application, ItemVersion
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId


class CertificateIncomplete(Refused):
    """What the certificate has to say is not known; have it supplied or corrected first, or decide otherwise."""

    code: ClassVar[str] = "services.certificate-incomplete"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "This cannot be granted as it is: “%(certificate)s” has to say “%(field)s”, and what is known of that is "
        "missing or does not fit. Choose otherwise (%(instead)s); or have the source of it correct its register, and "
        "let the applicant apply anew."
    )


class HolderIncomplete(Refused):
    """Nobody could hold the certificate: name or number are missing; have them supplied first, or decide otherwise."""

    code: ClassVar[str] = "services.holder-incomplete"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "This cannot be granted as it is: the name or the number of whoever shall hold “%(certificate)s” is missing "
        "or is none. Choose otherwise (%(instead)s); or let the applicant apply anew with the right account."
    )


def check_grant(*, case_id: CaseId, end: str, instead: tuple[str, ...], at: datetime) -> None:
    """Look whether the certificate that follows from an end can be made; what is no item's is let pass.

    What only the platform lacks (a seal, an issuer) undoes no decision: the certificate is then made later.

    Raises:
        CertificateIncomplete: the certificate would have to say what nobody knows.
        HolderIncomplete: it would be nobody's.
        NothingToRenew: the certificate that was to be renewed has ended meanwhile.
    """
    if end not in GRANTING:
        return
    row = Application.objects.filter(case_id=case_id, certificate_id=None).select_related("item").first()
    if row is None:
        return
    with suppress(certificates.CertificateTypeNotFound):
        wanted = wanted_of(row, at=at)
        if wanted is not None:
            _check(wanted, instead="、".join(instead) or "—")


def _check(wanted: Contents, *, instead: str) -> None:
    try:
        certificates.check_contents(
            type_code=wanted.type_code, holder=wanted.holder, values=wanted.values, keepers=wanted.keepers
        )
    except certificates.ValuesUnfit as unfit:
        raise CertificateIncomplete(
            certificate=_name(wanted.type_code), field=unfit.data["field"], instead=instead
        ) from unfit
    except certificates.HolderUnfit as unfit:
        raise HolderIncomplete(certificate=_name(wanted.type_code), instead=instead) from unfit


def _name(type_code: str) -> str:
    """Return the name that stands on such certificates, as the names of their fields do."""
    return certificates.types()[type_code].names.zh


def wanted_of(row: Application, *, at: datetime) -> Contents | None:
    """Return what the certificate of an application would say now; None where its item ends in none.

    Raises:
        CertificateTypeNotFound: there is no such type of certificate.
        NothingToRenew: the certificate that was to be renewed is not there any more.
    """
    case_id = CaseId(row.case_id)
    part = part_of_item(row.item.code)
    if part is not None and part.result is not None:
        told = told_in(row, at=at)
        return contents_of_result(part.result, told, keepers=(asker_of(row),), at=at)
    version = ItemVersion.objects.get(item=row.item, number=row.item_version)
    return contents_of(row, version, casework.case_values(case_id=case_id, actor=PLATFORM), at=at)
