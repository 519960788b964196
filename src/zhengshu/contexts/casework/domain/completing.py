"""Who may complete a task, and with what: outcomes, reasons, avoidance, four eyes, things that happen only once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.casework.domain.definitions import Definition, OutcomeRule, TaskRule
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.kernel.actors import NOBODY, Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId


class TaskNotOpen(Refused):
    """The case does not wait for this task; reload its page to see what it waits for."""

    code: ClassVar[str] = "casework.task-not-open"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "This to-do is not open (any more). Reload the page to see where the case stands."
    )


class TaskAlreadyDone(TaskNotOpen):
    """Somebody else was faster; nothing of yours was stored."""

    code: ClassVar[str] = "casework.task-already-done"
    message: ClassVar[str] = (
        "Somebody completed this to-do at %(at)s with the outcome “%(outcome)s”. Nothing of yours was stored; "
        "reload the page to see where the case stands."
    )


class CaseWithdrawn(TaskNotOpen):
    """Those who asked for the case took it back before; nothing of yours was stored, and nothing is left to do."""

    code: ClassVar[str] = "casework.case-withdrawn"
    message: ClassVar[str] = (
        "The case %(number)s was withdrawn at %(at)s by the side that had asked for it. Nothing of yours was stored, "
        "and nothing is left to decide. Its page tells the reason; go on with your other to-dos."
    )


class NotYourTask(Refused):
    """The task is for other roles or another department."""

    code: ClassVar[str] = "casework.not-your-task"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = "This to-do is for another department or for other roles than yours."


class OwnMatter(Refused):
    """No one decides his own matter (回避)."""

    code: ClassVar[str] = "casework.own-matter"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = (
        "This is your own matter: you opened the case or asked for it, and may not decide it. A colleague in the "
        "same role must."
    )


class AvoidanceDeclared(Refused):
    """Whoever declared his avoidance decides nothing in that case any more."""

    code: ClassVar[str] = "casework.avoidance-declared"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = (
        "You declared that you avoid this matter. A colleague in the same role must do it."
    )


class FourEyes(Refused):
    """Two steps must be done by two people."""

    code: ClassVar[str] = "casework.four-eyes"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = "You did an earlier step of this case; this one needs a second pair of eyes."


class OutcomeUnknown(Refused):
    """The task cannot end like that."""

    code: ClassVar[str] = "casework.outcome-unknown"
    message: ClassVar[str] = "“%(outcome)s” is no outcome of this to-do. Choose one of: %(known)s."


class ReasonMissing(Refused):
    """The outcome must be explained."""

    code: ClassVar[str] = "casework.reason-missing"
    message: ClassVar[str] = (
        "Give the reason for “%(outcome)s”; the other side must be able to understand it."
    )


class BasisMissing(ReasonMissing):
    """The outcome must name the law on which it rests."""

    code: ClassVar[str] = "casework.basis-missing"
    message: ClassVar[str] = (
        "Name the legal basis of “%(outcome)s”: the law, regulation or decision and its article."
    )


class OnlyOnce(Refused):
    """It happened before in this case and may not happen again (one-time notice)."""

    code: ClassVar[str] = "casework.only-once"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "“%(outcome)s” was used before in this case and is lawful only once (%(basis)s)."


class DataNotDeclared(Refused):
    """The case type has no such data, or not of this kind."""

    code: ClassVar[str] = "casework.data-not-declared"
    message: ClassVar[str] = (
        "The case type has no data “%(name)s” that may be %(value)s; expected: %(expected)s."
    )


class DataMissing(Refused):
    """The case type needs a value to open a case."""

    code: ClassVar[str] = "casework.data-missing"
    message: ClassVar[str] = "The case type needs the data “%(name)s” when a case is opened."


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose to-do a task is: people in some roles of a department, or the applicant.

    Attributes:
        roles: who of them may do it.
        department_id: the department; None for an applicant's task.
        person_id: the applicant; None for a department's task.
        enterprise_id: the enterprise for which the applicant asked; any delegate may do it whose power covers it.
        matter: the kind of matter, the case type's code.
    """

    roles: frozenset[str]
    department_id: DepartmentId | None = None
    person_id: UUID | None = None
    enterprise_id: UUID | None = None
    matter: str = ""

    def admits(self, actor: Actor) -> bool:
        """Whether it is a to-do of the actor's department and role, or of the applicant that he is."""
        if self.roles.isdisjoint(role.value for role in actor.roles):
            return False
        if self.department_id is not None:
            return actor.department_id == self.department_id
        if self.enterprise_id is not None:
            return actor.acts_for(self.enterprise_id, matter=self.matter)
        return actor.department_id is None and actor.id == self.person_id


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFacts:
    """What a decision about a task needs to know.

    Attributes:
        code: the task.
        holder: whose to-do it is.
        opened_case: who opened the case.
        related: the accounts of the applicant and of those who would decide in their own matter with him.
        avoiding: who declared his own avoidance in the case.
        did: earlier tasks → who completed them.
        outcomes_before: the pairs of task and outcome that happened in the case.
    """

    code: str
    holder: Holder
    opened_case: UUID
    related: frozenset[UUID] = frozenset()
    avoiding: frozenset[UUID] = frozenset()
    did: Mapping[str, frozenset[UUID]]
    outcomes_before: frozenset[tuple[str, str]]
    names: Mapping[str, str] = field(default_factory=dict)
    """Outcome → name, for what a refusal says."""


def barred(facts: TaskFacts, *, rule: TaskRule) -> frozenset[UUID]:
    """Return who may not do a task whatever their role: in their own matter, avoiding, or after a step before."""
    own = {facts.opened_case, *facts.related} if rule.not_own_matter else set[UUID]()
    before = {person for code in rule.not_after for person in facts.did.get(code, frozenset())}
    return frozenset(own | before | facts.avoiding) - {NOBODY}


def check_person(facts: TaskFacts, *, rule: TaskRule, actor: Actor, may_stand_in: bool = False) -> None:
    """Refuse whoever may not complete a task; a deputy need not hold its roles himself.

    Raises:
        NotYourTask: another department or other roles.
        AvoidanceDeclared: the actor declared that he is related to the matter.
        OwnMatter: the actor opened the case or asked for it, and the task demands avoidance.
        FourEyes: the actor did a step that the task names in ``not_after``.
    """
    if actor.is_platform:
        return
    if not may_stand_in and not facts.holder.admits(actor):
        raise NotYourTask
    if actor.id not in barred(facts, rule=rule):
        return
    if actor.id in facts.avoiding:
        raise AvoidanceDeclared
    if rule.not_own_matter and actor.id in {facts.opened_case, *facts.related}:
        raise OwnMatter
    raise FourEyes


def check_outcome(facts: TaskFacts, *, rule: TaskRule, outcome: str, reason: str, basis: str) -> OutcomeRule:
    """Return the rule of an outcome that a task may end with.

    Raises:
        OutcomeUnknown: the task has no such outcome.
        ReasonMissing: it needs a reason.
        BasisMissing: it needs a legal basis.
        OnlyOnce: it happened before and may happen only once.
    """
    chosen = rule.outcomes.get(outcome)
    name = facts.names.get(outcome, outcome)
    if chosen is None:
        raise OutcomeUnknown(outcome=outcome, known=", ".join(rule.outcomes))
    if chosen.once and (facts.code, outcome) in facts.outcomes_before:
        raise OnlyOnce(outcome=name, basis=chosen.basis)
    if chosen.needs_reason and not reason.strip():
        raise ReasonMissing(outcome=name)
    if chosen.needs_basis and not basis.strip():
        raise BasisMissing(outcome=name)
    return chosen


def checked_data(definition: Definition, given: Mapping[str, Value]) -> dict[str, Value]:
    """Return data that fit their declarations.

    Raises:
        DataNotDeclared: a name that the type does not declare, or a value of another kind.
    """
    for name, value in given.items():
        datum = definition.data.get(name)
        if datum is None or not datum.admits(value):
            raise DataNotDeclared(name=name, value=value, expected=_expected(definition, name))
    return dict(given)


def opening_data(definition: Definition, given: Mapping[str, Value]) -> dict[str, Value]:
    """Return the data of a fresh case: what was given over the defaults.

    Raises:
        DataNotDeclared: as for `checked_data`.
        DataMissing: a value without a default was not given.
    """
    data = {**definition.initial_data(), **checked_data(definition, given)}
    for name in definition.data:
        if name not in data:
            raise DataMissing(name=name)
    return data


def _expected(definition: Definition, name: str) -> str:
    datum = definition.data.get(name)
    if datum is None:
        return ", ".join(definition.data) or "-"
    return ", ".join(datum.values) or datum.type
