"""Who may do a to-do now: its holders, whoever claimed it, and the deputies of those who are absent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.casework.domain.completing import Holder, TaskFacts, check_person
from zhengshu.contexts.casework.domain.definitions import TaskRule
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

AVOIDANCE, DECLARED = "_avoidance", "declared"
"""Under which name a case remembers who declared his avoidance; no task can be called so."""


class HeldByColleague(Refused):
    """A colleague claimed the to-do, or it was handed to him; he must release it or hand it over first."""

    code: ClassVar[str] = "casework.held-by-colleague"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "%(name)s holds this to-do. Ask for its release, or let the head of the department hand it over."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deputyship:
    """An absence in which the actor does somebody's to-dos.

    Attributes:
        absent: for whom he acts, with that person's department and roles.
        case_types: in which types of cases; empty in all.
    """

    absent: Actor
    case_types: frozenset[str] = frozenset()

    def covers(self, case_type: str) -> bool:
        """Whether it goes for a type of cases."""
        return not self.case_types or case_type in self.case_types

    def may_do(self, holder: Holder, *, claimed_by: UUID | None, barred: Iterable[UUID]) -> bool:
        """Whether the absent person could do a to-do that he or nobody holds."""
        return (
            holder.admits(self.absent)
            and claimed_by in {None, self.absent.id}
            and self.absent.id not in barred
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who holds a to-do for himself."""

    by: UUID | None = None
    name: str = ""


def principal(
    facts: TaskFacts,
    *,
    rule: TaskRule,
    claim: Claim,
    actor: Actor,
    deputyships: Iterable[Deputyship],
) -> Actor | None:
    """Return for whom an actor does a to-do as a deputy; None when he does it for himself.

    Somebody who is barred may neither act through a deputy nor be one.

    Raises:
        NotYourTask: it is for others, and none of those is absent with the actor as deputy.
        OwnMatter, FourEyes, AvoidanceDeclared: the actor, or the absent person, is barred.
        HeldByColleague: a colleague holds it.
    """
    if actor.is_platform:
        return None
    mine = facts.holder.admits(actor)
    if mine and claim.by in {None, actor.id}:
        check_person(facts, rule=rule, actor=actor)
        return None
    for one in deputyships:
        if facts.holder.admits(one.absent) and claim.by in {None, one.absent.id}:
            check_person(facts, rule=rule, actor=one.absent)
            check_person(facts, rule=rule, actor=actor, may_stand_in=True)
            return one.absent
    check_person(facts, rule=rule, actor=actor)
    raise HeldByColleague(name=claim.name)
