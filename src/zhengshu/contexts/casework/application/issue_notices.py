"""Notices in writing: issued when a task ends as its type says, kept as they were issued."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext

from zhengshu.contexts.casework.application.messages.facts import Happened, facts_of, words
from zhengshu.contexts.casework.application.naming import reader_language
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.records import StepKind
from zhengshu.contexts.casework.models import Notice, Task
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.seals.texts import Text
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId

OFFICIAL = "zh-hans"
"""The language in which documents have effect."""


class NoticeNotFound(Refused):
    """There is no such notice that the actor may see."""

    code: ClassVar[str] = "casework.notice-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such notice, or you may not see it."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRecord:
    """A notice in the reader's language."""

    id: UUID
    case_id: CaseId
    case_number: str
    title: str
    text: str
    office_name: str
    issued_at: datetime
    is_translation: bool = False
    """Whether it is shown in another language than that in which it has effect and is sealed."""


def issue_notices(case: WorkingCase, task: Task, *, reason: str, basis: str, at: datetime) -> None:
    """Write the notices that the type wants of a task that ended, in both languages, within the case's transaction.

    They say what holds after the step: until when the decision is due, not until when this task was.
    """
    wanted = {
        code
        for code, rule in case.type.definition.notices.items()
        if rule.task == task.code and task.outcome in rule.outcomes
    }
    if not wanted:
        return
    case.time(at=at)
    happened = Happened(
        task=task.code,
        outcome=task.outcome,
        reason=reason,
        basis=basis,
        office_id=task.department_id,
        due_at=case.row.due_at,
    )
    facts = facts_of(case.row, case.type, happened, at=at)
    for code in sorted(wanted):
        titles, texts = (
            {
                language: words(case.type, f"notices.{code}.{part}", facts[language], language=language)
                for language in case.type.texts
            }
            for part in ("title", "text")
        )
        row = Notice.objects.create(
            case=case.row,
            code=code,
            titles=titles,
            texts=texts,
            office_name=str(next(iter(facts.values()))["case_office"]),
            issued_at=at,
            issued_by=case.actor.id,
        )
        case.note(StepKind.NOTICE_ISSUED, at=at, details=titles)
        if task.department_id is not None:
            trust.approve_document(
                document_kind=trust.NOTICE,
                document_id=row.pk,
                text=text_of_notice(row),
                department_id=task.department_id,
                actor=case.actor,
                at=at,
            )


def text_of_notice(row: Notice) -> Text:
    """Return what is sealed of a notice: its Chinese text, which is the authoritative one, as it was issued."""
    with translation.override(OFFICIAL):
        on = row.issued_at.astimezone(get_default_timezone())
        check = gettext("This document bears an e-seal. Check the file itself at %(address)s")
    address = settings.PUBLIC_URL.rstrip("/") + reverse("trust:seal-check")
    titles: dict[str, str] = row.titles
    texts: dict[str, str] = row.texts
    return Text(
        language="zh",
        title=titles.get(OFFICIAL, row.code),
        number=row.case.number,
        paragraphs=tuple(line.strip() for line in texts.get(OFFICIAL, "").splitlines() if line.strip()),
        office=row.office_name,
        dated=f"{on.year}年{on.month}月{on.day}日",
        at=on,
        check=check % {"address": address},
        check_url=address,
    )


def notices(*, case_id: CaseId, actor: Actor) -> tuple[NoticeRecord, ...]:
    """Return the notices of a case that the actor may see, the oldest first, in one query."""
    rows = Notice.objects.visible_to(actor).filter(case_id=case_id).select_related("case")
    return tuple(_record(row) for row in rows.order_by("issued_at", "id"))


def notice(*, case_id: CaseId, notice_id: UUID, actor: Actor) -> NoticeRecord:
    """Return one notice.

    Raises:
        NoticeNotFound: the case has none such that the actor may see.
    """
    rows = Notice.objects.visible_to(actor).filter(case_id=case_id, pk=notice_id).select_related("case")
    row = rows.first()
    if row is None:
        raise NoticeNotFound
    return _record(row)


def _record(row: Notice) -> NoticeRecord:
    titles: dict[str, str] = row.titles
    texts: dict[str, str] = row.texts
    language = reader_language()
    return NoticeRecord(
        id=row.pk,
        case_id=CaseId(row.case_id),
        case_number=row.case.number,
        title=titles.get(language) or titles.get(OFFICIAL, row.code),
        text=texts.get(language) or texts.get(OFFICIAL, ""),
        is_translation=bool(texts.get(language)) and language != OFFICIAL,
        office_name=row.office_name,
        issued_at=row.issued_at,
    )
