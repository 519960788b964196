"""Cases as their parties see them, each list in a fixed number of queries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.db.models.expressions import OrderBy
from django.db.models.fields.json import KT

from zhengshu.contexts.casework.application.case_rows import MOST_COUNTED, Listing, light_of_row, skipped
from zhengshu.contexts.casework.application.doing import inbox_rows
from zhengshu.contexts.casework.application.naming import LoadedType, loaded, loaded_all, reader_language
from zhengshu.contexts.casework.application.search_cases import (
    CasePage,
    any_form,
    search_cases,
    started_cases,
)
from zhengshu.contexts.casework.application.telling import CaseParts, Teller
from zhengshu.contexts.casework.application.working import CaseNotFound, WorkingCase
from zhengshu.contexts.casework.domain.records import CaseRecord, ClockRecord, StepKind, TaskRecord
from zhengshu.contexts.casework.models import (
    Case,
    CaseParty,
    CaseTypeVersion,
    CaseWords,
    Clock,
    Task,
)
from zhengshu.contexts.casework.models.cases import CaseQuerySet, TaskQuerySet, light_condition
from zhengshu.foundation.lists import MOST_ROWS_PER_PAGE, ListQuery, Page, counts, rows_and_total
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.clocks import Light
from zhengshu.kernel.identity import CaseId

_ORDER = {"due": "due_at", "opened": "opened_at", "number": "number"}


def case(*, case_id: CaseId, actor: Actor, at: datetime) -> CaseRecord:
    """Return a case with its open tasks, clocks (each day explained) and timeline.

    Raises:
        CaseNotFound: there is none, or the actor may not see it.
    """
    row = Case.objects.visible_to(actor).filter(pk=case_id).first()
    if row is None:
        raise CaseNotFound
    return record_of(row, actor=actor, at=at)


def readable(*, case_ids: Iterable[UUID], actor: Actor) -> frozenset[UUID]:
    """Return those of some cases that the actor may open, for lists that lead to cases."""
    rows = Case.objects.visible_to(actor).filter(pk__in=tuple(case_ids))
    return frozenset(rows.values_list("pk", flat=True))


def record_of(row: Case, *, actor: Actor, at: datetime) -> CaseRecord:
    """Return a whole case that the actor may see."""
    full = _with_parts(Case.objects.filter(pk=row.pk)).prefetch_related("timeline").get()
    told = Teller(cases=[full], actor=actor, at=at).whole(full)
    did = {(step.task, step.outcome) for step in told.timeline}
    open_tasks = tuple(
        task.still_to_choose(did={outcome for name, outcome in did if name == task.task})
        for task in told.open_tasks
    )
    return replace(told, open_tasks=open_tasks)


def stepped_record_of(case: WorkingCase, *, at: datetime) -> CaseRecord:
    """Return a case as a step left it: the clocks that run or that it stopped, and what it added to the timeline.

    Who did a step seldom reads what was before it; told with it, step 10,000 would cost a hundred times step 10.
    """
    parts = CaseParts(
        parties=case.parties,
        tasks=[task for task in case.tasks if task.state == Task.State.OPEN],
        clocks=sorted((*case.clocks.stopped, *case.clocks.clocks.values()), key=lambda one: one.row.code),
        timeline=case.entries,
    )
    whose = [
        *(task.department_id for task in parts.tasks),
        *(entry.department_id for entry in parts.timeline),
    ]
    named = {*parts.parties.values(), *(department for department in whose if department)}
    return Teller(cases=[case.row], actor=case.actor, at=at, named=named).stepped(case.row, parts)


def clock_of(row: Case, *, clock: str, actor: Actor, at: datetime) -> ClockRecord:
    """Return the latest run of one clock of a case, explained."""
    record = record_of(row, actor=actor, at=at)
    return next(one for one in reversed(record.clocks) if one.clock == clock)


def cases_of(*, subject_ids: Iterable[UUID], actor: Actor, at: datetime) -> Mapping[UUID, CaseRecord]:
    """Return the latest case about each subject; for pages of contexts that show their own rows."""
    latest = (
        Case.objects.filter(subject_id__in=list(subject_ids))
        .order_by("subject_id", "-opened_at", "-id")
        .distinct("subject_id")
    )
    rows = list(_with_parts(Case.objects.filter(pk__in=latest.values("pk"))))
    teller = Teller(cases=rows, actor=actor, at=at, shows_applicants=False)
    return {row.subject_id: teller.brief(row) for row in rows}


def inbox(*, actor: Actor, query: ListQuery, at: datetime) -> Page[TaskRecord]:
    """Return the to-dos that the actor may complete, nearest end first."""
    skipped(query)
    found, count = rows_and_total(_inbox(actor=actor, query=query, at=at), query, most=MOST_COUNTED + 1)
    tasks = _tasks(found, actor=actor, at=at)
    return Page(rows=tasks, total=min(count, MOST_COUNTED), query=query, is_more=count > MOST_COUNTED)


def all_of_inbox(*, actor: Actor, query: ListQuery, at: datetime, most: int) -> Iterator[TaskRecord]:
    """Yield the to-dos that the inbox shows, all pages of it, a few at a time."""
    keys = list(_inbox(actor=actor, query=query, at=at).values_list("pk", flat=True)[:most])
    for start in range(0, len(keys), MOST_ROWS_PER_PAGE):
        known = Task.objects.select_related("case").in_bulk(keys[start : start + MOST_ROWS_PER_PAGE])
        yield from _tasks(known.values(), actor=actor, at=at)


def count_inbox(*, actor: Actor, query: ListQuery, at: datetime, most: int) -> int:
    """Return how many to-dos the inbox shows, counted no further than `most`."""
    return _inbox(actor=actor, query=query, at=at).order_by()[:most].count()


def _inbox(*, actor: Actor, query: ListQuery, at: datetime) -> TaskQuerySet:
    rows = inbox_rows(actor=actor, whose=query.one("whose"), at=at)
    if query.text:
        words = CaseWords.objects.filter(case_id=OuterRef("case_id")).matching(any_form(query.text))
        rows = rows.filter(Q(case__number__startswith=query.text.upper()) | Exists(words))
    if types := query.filters.get("type"):
        rows = rows.filter(case__type_code__in=types)
    if departments := _ids(query, "department"):
        rows = rows.filter(case__department_id__in=departments)
    rows = rows.filter(_lights(query, at=at))
    column = {"number": "case__number"}.get(query.sort.removeprefix("-"))
    return rows.order_by(*_order(query, default="due", column=column)).select_related("case")


def _tasks(rows: Iterable[Task], *, actor: Actor, at: datetime) -> tuple[TaskRecord, ...]:
    page = list(rows)
    teller = Teller(cases=[task.case for task in page], actor=actor, at=at)
    return tuple(teller.task(task.case, task) for task in page)


def tasks_of(*, ids: Iterable[UUID], actor: Actor, at: datetime) -> tuple[TaskRecord, ...]:
    """Return the open to-dos of these ids that the actor may see, in a fixed number of queries."""
    rows = list(Task.objects.visible_to(actor).open().filter(pk__in=set(ids)).select_related("case"))
    teller = Teller(cases=[task.case for task in rows], actor=actor, at=at)
    return tuple(teller.task(task.case, task) for task in sorted(rows, key=lambda row: row.case.number))


def started(*, actor: Actor, query: ListQuery, at: datetime) -> CasePage:
    """Return the cases that the actor's department opened, or that he asked for himself, the latest first."""
    return started_cases(actor=actor, query=query, at=at)


def supervised(*, actor: Actor, query: ListQuery, at: datetime) -> CasePage:
    """Return every case that the actor may see; with the lights yellow and red it is the supervision list."""
    return search_cases(actor=actor, query=query, at=at)


def lights(*, actor: Actor, at: datetime) -> Mapping[Light, int]:
    """Return how many open cases that the actor may see show each light; beyond a thousand, one more."""
    is_open = Listing.of(actor).where(Q(is_ended=False))
    shown = [is_open.where(light_of_row(light, at=at)).counted(most=MOST_COUNTED + 1) for light in Light]
    return dict(zip(Light, counts(*shown), strict=True))


def case_types() -> tuple[LoadedType, ...]:
    """Return the current versions of all case types, by code."""
    keys = CaseTypeVersion.objects.filter(is_current=True).order_by("code").values_list("pk", flat=True)
    known = loaded_all(keys)
    return tuple(known[key] for key in keys)


def type_names() -> Mapping[str, str]:
    """Return code → name of all current case types, without reading their flows: for filters of lists."""
    name = KT(f"texts__{reader_language()}__name")
    rows = CaseTypeVersion.objects.filter(is_current=True).annotate(title=name).values_list("code", "title")
    return {code: title or code for code, title in rows.order_by("code")}


def near_or_late(*, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Return how many open cases are due soon or overdue, counted to a thousand, and whether there are more."""
    return Listing.of(actor).where(Q(is_ended=False, yellow_at__lte=at)).count()


def type_of(*, case_id: CaseId, actor: Actor) -> LoadedType:
    """Return the version of a case's type that the case runs.

    Raises:
        CaseNotFound: there is none, or the actor may not see it.
    """
    version = Case.objects.visible_to(actor).filter(pk=case_id).values_list("version_id", flat=True).first()
    if version is None:
        raise CaseNotFound
    return loaded(version)


def flow_of(*, case_id: CaseId, actor: Actor) -> str:
    """Return the BPMN file of the flow that a case runs.

    Raises:
        CaseNotFound: there is none, or the actor may not see it.
    """
    text = Case.objects.visible_to(actor).filter(pk=case_id).values_list("version__flow", flat=True).first()
    if text is None:
        raise CaseNotFound
    return text


def asked_reason(record: CaseRecord, *, clock: str) -> str:
    """Return the reason for which more time on a clock was last asked."""
    asked = [
        step for step in record.timeline if step.kind == StepKind.EXTENSION_ASKED and step.clock == clock
    ]
    return asked[-1].reason if asked else ""


def _with_parts(rows: CaseQuerySet) -> CaseQuerySet:
    """Load what a record shows beside the case itself, one query for each part."""
    return rows.prefetch_related(
        Prefetch("tasks", Task.objects.open().order_by("opened_at", "id")),
        Prefetch("clocks", Clock.objects.prefetch_related("pauses", "extensions")),
        Prefetch("parties", CaseParty.objects.filter(is_supervisor=False).order_by("id")),
    )


def _order(query: ListQuery, *, default: str, column: str | None = None) -> list[str | OrderBy]:
    sort = query.sort or default
    field = F(column or _ORDER.get(sort.removeprefix("-"), "due_at"))
    is_descending = sort.startswith("-")
    first = field.desc(nulls_last=True) if is_descending else field.asc(nulls_last=True)
    return [first, "-id" if is_descending else "id"]


def _lights(query: ListQuery, *, at: datetime) -> Q:
    condition = Q()
    for name in query.filters.get("light", ()):
        if name in set(Light):
            condition |= light_condition(Light(name), at=at)
    return condition


def _ids(query: ListQuery, name: str) -> list[UUID]:
    found = []
    for text in query.filters.get(name, ()):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
