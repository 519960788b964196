"""Forms take values from certificates that whoever asks holds; the use is counted with the case that gets them.

Until a form is sent its person looks at what is his own, and nobody else sees anything. An official who fills it in for
him does, so that is counted at once.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext, override

from zhengshu.contexts.casework.api import FormMatter, FormShown, FormUse, Supplied
from zhengshu.contexts.certificates.application.issue_certificate import local_midnight
from zhengshu.contexts.certificates.application.load_types import CertificateTypeNotFound, current_version
from zhengshu.contexts.certificates.application.queries import valid_at
from zhengshu.contexts.certificates.application.renewals import last_day, window_of
from zhengshu.contexts.certificates.application.use_certificate import count_supply
from zhengshu.contexts.certificates.domain.types import CertificateType, HolderKind
from zhengshu.contexts.certificates.domain.values import Holder
from zhengshu.contexts.certificates.models import Certificate, CertificateReader
from zhengshu.contexts.certificates.models.readers import digest_of
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId
from zhengshu.kernel.masks import STAR

ZH, EN = "zh-hans", "en"
NUMBER, LAST_DAY = "number", "until"
"""Fields of every certificate: what stands on it as its number, and its last day."""
RENEWAL, DAYS_LEFT = "renewal", "days_left"
"""Fields of one that is renewed: where today lies (`Phase`), and the working days from today to its last day."""
AT_THE_WINDOW = "窗口代为填写申请"
"""Why an official saw it, in the language in which its holder's list of uses is kept."""
_NUMBERS: Mapping[HolderKind, str] = {HolderKind.PERSON: "citizen-id", HolderKind.ENTERPRISE: "credit-code"}
_NAMES: Mapping[HolderKind, str] = {
    HolderKind.PERSON: "person-name",
    HolderKind.ENTERPRISE: "organization-name",
}


class CertificateEndedMeanwhile(Refused):
    """A certificate that filled a form was revoked, replaced or has expired since; open the form again."""

    code: ClassVar[str] = "certificates.ended-meanwhile"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "A certificate from which this form took values is not in force any more. Nothing was sent. "
        "Look at what has changed, then send again."
    )


class CertificatesForForms:
    """Certificates as forms see them."""

    def knows(self, certificate: str) -> bool:
        """Whether there is such a type with such a field."""
        code, _dot, field = certificate.partition(".")
        try:
            found = current_version(code).read()
        except CertificateTypeNotFound:
            return False
        if field in {RENEWAL, DAYS_LEFT}:
            return found.renewal is not None
        return field in {NUMBER, LAST_DAY} or found.field(field) is not None

    def supply(
        self,
        *,
        wanted: Iterable[FormShown],
        own: Mapping[str, str],
        matter: FormMatter,
        actor: Actor,
        at: datetime,
    ) -> Mapping[str, Supplied]:
        """Return what valid certificates say; for those that are not held, that they are not.

        Basis: State Council Decree 716, article 11.
        """
        found: dict[str, Supplied] = {}
        rows: dict[UUID, tuple[Certificate, list[str]]] = {}
        for one in wanted:
            code, _dot, field = one.certificate.partition(".")
            row = _held(code, one.holder_name, own=own, at=at)
            value = "" if row is None else _said(row, field, at=at)
            if row is None or not value:
                said = _name(code)
                found[one.certificate] = Supplied(
                    value="", source=said[ZH], source_en=said[EN], at=at, refusal="not-held"
                )
                continue
            said = source_of(row, row.version.read())
            found[one.certificate] = Supplied(
                value=value, source=said[ZH], source_en=said[EN], at=at, certificate_id=str(row.pk),
                until=local_midnight(at) + timedelta(days=1) if field in {RENEWAL, DAYS_LEFT} else None,
            )  # fmt: skip
            rows.setdefault(row.pk, (row, []))[1].append(field)
        if actor.department_id is not None:
            _count_sight(rows.values(), case=matter.case, actor=actor, at=at)
        return found

    def still_valid(self, ids: Iterable[str], *, at: datetime) -> frozenset[str]:
        """Return those of the certificates that are in force."""
        rows = valid_at(Certificate.objects.filter(pk__in=list(ids)), at=at)
        return frozenset(str(key) for key in rows.values_list("pk", flat=True))

    @transaction
    def take_over(
        self, fields: Mapping[str, tuple[str, ...]], *, use: FormUse, actor: Actor, at: datetime
    ) -> None:
        """Count the use of each certificate; none ends before this transaction does.

        Basis: State Council Decree 716, article 11.

        Raises:
            CertificateEndedMeanwhile: one is not in force any more.
        """
        rows = valid_at(Certificate.objects.filter(pk__in=list(fields)), at=at)
        locked = list(rows.select_for_update(of=("self",)).order_by("pk"))
        if len(locked) < len(fields):
            raise CertificateEndedMeanwhile
        who = trust.department(department_id=use.department_id).name if use.department_id else ""
        for row in locked:
            count_supply(
                row, fields[str(row.pk)], case_id=use.case_id, purpose=use.purpose, actor=actor, at=at,
                department_id=use.department_id, who=who,
            )  # fmt: skip


def _said(row: Certificate, field: str, *, at: datetime) -> str:
    """Return what a certificate says under a field, or what follows from its last day."""
    if field == NUMBER:
        return row.serial
    if field not in {LAST_DAY, RENEWAL, DAYS_LEFT}:
        return row.values.get(field, "")
    if row.active_to is None:
        return ""
    if field == LAST_DAY:
        return last_day(row.active_to).isoformat()
    found = window_of(row.type_code, row.active_to, at=at)
    if found is None:
        return ""
    return found.phase.value if field == RENEWAL else str(found.days_left)


def source_of(row: Certificate, found: CertificateType) -> Mapping[str, str]:
    """Return a certificate as the source of a value: its name, its number in part, who issued it and when.

    It is said in both languages: whoever reads it later need not have that of whoever filled in the form.
    """
    return {language: _source_in(language, row, found) for language in (ZH, EN)}


def _source_in(language: str, row: Certificate, found: CertificateType) -> str:
    with override(language):
        return _source(row, found.names.of(language))


def _source(row: Certificate, name: str) -> str:
    return gettext("%(name)s no. %(number)s, %(office)s, issued on %(day)s") % {
        "name": name,
        "number": f"{row.serial[:4]}{STAR * 4}{row.serial[-4:]}",
        "office": row.office_name,
        "day": row.issued_at.astimezone(get_default_timezone()).date().isoformat(),
    }


def _held(code: str, holder_name: str, *, own: Mapping[str, str], at: datetime) -> Certificate | None:
    """Return the newest valid certificate of whoever asks, or of somebody of that name for whom he keeps it."""
    try:
        kind = HolderKind.PERSON if holder_name else current_version(code).read().holder
    except CertificateTypeNotFound:
        return None
    asker = Holder(kind=kind, name=own.get(_NAMES[kind], ""), number=own.get(_NUMBERS[kind], ""))
    digest = digest_of(asker) if asker.is_known else None
    if digest is None:
        return None
    readers = CertificateReader.objects.filter(digest=digest, is_holder=not holder_name)
    rows = Certificate.objects.filter(type_code=code, pk__in=readers.values("certificate_id"))
    newest = valid_at(rows, at=at).select_related("version").order_by("-issued_at", "-id")
    return next((row for row in newest if not holder_name or row.holder_name == holder_name), None)


def _name(code: str) -> Mapping[str, str]:
    try:
        names = current_version(code).read().names
    except CertificateTypeNotFound:
        return {ZH: code, EN: code}
    return {language: names.of(language) for language in (ZH, EN)}


@transaction
def _count_sight(
    rows: Iterable[tuple[Certificate, list[str]]], *, case: str, actor: Actor, at: datetime
) -> None:
    for row, fields in rows:
        count_supply(
            row, fields, case_id=CaseId(UUID(case)), purpose=AT_THE_WINDOW, actor=actor, at=at,
            department_id=actor.department_id, who=actor.department_name,
        )  # fmt: skip
