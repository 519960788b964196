"""Who does a to-do, in his own name or as the deputy of an absent colleague."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from zhengshu.contexts.casework.application.countersigning import COUNTERSIGN, check_countersigned
from zhengshu.contexts.casework.application.extension import extension_task
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.definitions import TaskRule
from zhengshu.contexts.casework.domain.doing import Claim, Deputyship, principal
from zhengshu.contexts.casework.domain.records import TaskKind
from zhengshu.contexts.casework.models import Absence, Task
from zhengshu.contexts.casework.models.cases import TaskQuerySet
from zhengshu.contexts.casework.models.readers import CASE_ROLES
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.statements import Selection
from zhengshu.kernel.actors import Actor

_STANDING = Selection(
    Absence, "WHERE deputy_id = %s AND department_id = %s AND active_from <= %s AND active_to > %s"
)


def deputyships(*, actor: Actor, at: datetime) -> tuple[Deputyship, ...]:
    """Return for whom an official does the to-dos now; one query, and one more for those who are absent.

    An absence counts only while both work in the department in which it was declared.
    """
    if actor.department_id is None or actor.is_platform or not actor.has(*CASE_ROLES):
        return ()
    rows = _STANDING.rows(actor.id, actor.department_id, at, at)
    people = trust.actors_of(ids=[row.person_id for row in rows]) if rows else {}
    return tuple(
        Deputyship(absent=people[row.person_id], case_types=frozenset(row.case_types))
        for row in rows
        if row.person_id in people and people[row.person_id].department_id == row.department_id
    )


def doable(*, actor: Actor, at: datetime) -> TaskQuerySet:
    """Return the open to-dos that an actor may do, for himself or as a deputy."""
    return doable_by(actor, standing=deputyships(actor=actor, at=at))


def doable_by(actor: Actor, *, standing: tuple[Deputyship, ...]) -> TaskQuerySet:
    """Return the open to-dos that an actor may do, with those of the absent for whom he stands in."""
    own = Task.objects.doable_by(actor)
    if not standing:
        return own
    wanted = Q(pk__in=own.values("pk"))
    for one in standing:
        rows = Task.objects.open_to(one.absent).filter(Q(claimed_by=None) | Q(claimed_by=one.absent.id))
        if one.case_types:
            rows = rows.filter(case__type_code__in=sorted(one.case_types))
        wanted |= Q(pk__in=rows.exclude(barred__contains=[actor.id]).values("pk"))
    return Task.objects.open().filter(wanted)


def inbox_rows(*, actor: Actor, whose: str, at: datetime) -> TaskQuerySet:
    """Return the to-dos of a tab of the inbox: one's own, those of one's roles, the department's, or all one may do."""
    match whose:
        case "mine":
            return doable(actor=actor, at=at).filter(claimed_by=actor.id)
        case "role":
            return doable(actor=actor, at=at).filter(claimed_by=None)
        case "department" if actor.department_id is not None:
            return Task.objects.visible_to(actor).open().filter(department_id=actor.department_id)
        case _:
            return doable(actor=actor, at=at)


def rule_of(case: WorkingCase, row: Task) -> TaskRule:
    """Return the rule of an open task, of the flow or of ours."""
    if row.kind == TaskKind.EXTENSION:
        return extension_task(case.type.definition.clocks[row.clock_code], clock=row.clock_code)
    if row.kind == TaskKind.COUNTERSIGN:
        return COUNTERSIGN
    return case.type.definition.tasks[row.code]


def _standing(case: WorkingCase, *, at: datetime) -> Iterator[Deputyship]:
    """Yield for whom the actor stands in; asked only when the task is not for himself."""
    yield from (one for one in deputyships(actor=case.actor, at=at) if one.covers(case.row.type_code))


def begin(case: WorkingCase, row: Task, *, at: datetime) -> TaskRule:
    """Check that the actor may do a task now, note for whom he does it, and return its rule.

    Raises:
        NotYourTask: it is for others, and none of those is absent with the actor as deputy.
        OwnMatter, FourEyes, AvoidanceDeclared: the actor, or the absent person, is barred.
        HeldByColleague: a colleague holds it.
        CountersignMissing: somebody who was asked to countersign has not agreed.
    """
    rule = rule_of(case, row)
    case.acting_for = principal(
        case.facts(row),
        rule=rule,
        claim=Claim(by=row.claimed_by, name=row.claimed_by_name),
        actor=case.actor,
        deputyships=_standing(case, at=at),
    )
    if not case.actor.is_platform:
        check_countersigned(row)
    return rule
