"""A finding of the rules is a case of the security administrator; how it ends is the finding's verdict."""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.exchange.application.alarm_cases import SECURITY
from zhengshu.contexts.exchange.domain.watching import RuleCode
from zhengshu.contexts.exchange.events import FindingJudged
from zhengshu.contexts.exchange.models import Finding
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.events import Subject, on
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId

CASE_TYPE, SUBJECT = "security-finding", "finding"
PLATFORM = Actor.platform("exchange.watch")
MOST_CASES = 50


def open_cases(*, at: datetime) -> int:
    """Open the cases of findings that have none yet; they wait while nobody is security administrator."""
    waiting = list(Finding.objects.filter(case_id=None).order_by("id")[:MOST_CASES])
    if not waiting:
        return 0
    try:
        department = trust.security_department()
    except trust.DepartmentNotFound:
        return 0
    for row in waiting:
        _open_case(row, department=department.id, at=at)
    return len(waiting)


@transaction
def _open_case(row: Finding, *, department: DepartmentId, at: datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        title = _title(RuleCode(row.rule)) % {"day": row.day, "resource": row.resource_code or "—"}
    case = casework.open_case(
        case_type=CASE_TYPE,
        subject=casework.CaseSubject(
            kind=SUBJECT, id=row.id, title=title, path=f"/exchange/watching/findings/{row.id}/"
        ),
        parties={SECURITY: department},
        data={},
        actor=PLATFORM,
        at=at,
        idempotency_key=f"finding:{row.id}",
    )
    row.case_id, row.number = case.id, case.number
    row.save(update_fields=["case_id", "number"])


@on(CaseClosed)
def judge_finding(event: CaseClosed) -> None:
    """Keep how a finding's case ended: a true or a false alarm, which its rule is measured by."""
    if event.case_type != CASE_TYPE:
        return
    row = Finding.objects.select_for_update().filter(case_id=event.case_id, verdict="").first()
    if row is None:
        return
    row.verdict, row.judged_at = event.end, event.at
    row.save(update_fields=["verdict", "judged_at"])
    publish(
        FindingJudged(
            at=event.at, actor=event.actor, subject=subject_of(row), rule=row.rule, verdict=row.verdict
        )
    )


def subject_of(row: Finding) -> Subject:
    """Return what the audit shows of a finding."""
    return Subject(SUBJECT, str(row.id), row.rule)


def _title(code: RuleCode) -> str:
    titles = {
        RuleCode.VOLUME: _("Far more calls than usual: %(resource)s, %(day)s"),
        RuleCode.ENUMERATION: _("Keys are tried out: %(resource)s, %(day)s"),
        RuleCode.NIGHT: _("Calls at night: %(resource)s, %(day)s"),
        RuleCode.REFUSALS: _("Many calls refused: %(resource)s, %(day)s"),
        RuleCode.CASELESS: _("Calls without a case: %(resource)s, %(day)s"),
        RuleCode.REPEAT: _("One subject read again and again: %(resource)s, %(day)s"),
        RuleCode.OFFICIAL: _("One official reads one subject again and again: %(resource)s, %(day)s"),
        RuleCode.UNNAMED: _("Calls without an official: %(resource)s, %(day)s"),
    }
    return titles[code]
