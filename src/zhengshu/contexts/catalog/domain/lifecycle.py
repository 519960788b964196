"""The life of a version: which step leads where, and who may take it."""

from collections.abc import Mapping
from enum import StrEnum

from zhengshu.contexts.catalog.domain.vocabulary import State
from zhengshu.kernel.actors import Role
from zhengshu.kernel.errors import Kind, Refused


class Step(StrEnum):
    """What can be done to a version."""

    CHANGE = "change"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    PUBLISH = "publish"
    ABANDON = "abandon"
    REVISE = "revise"
    RETIRE = "retire"


class StepNotPossible(Refused):
    """The version is not where the step begins; reload the page to see where it is."""

    code = "catalog.step-not-possible"
    kind = Kind.CONFLICT
    message = "This is not possible where the resource stands now. Reload the page to see where that is."


NEXT: Mapping[tuple[State, Step], State] = {
    (State.DRAFT, Step.CHANGE): State.DRAFT,
    (State.RETURNED, Step.CHANGE): State.RETURNED,
    (State.DRAFT, Step.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Step.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Step.APPROVE): State.APPROVED,
    (State.SUBMITTED, Step.RETURN): State.RETURNED,
    (State.APPROVED, Step.RETURN): State.RETURNED,
    (State.APPROVED, Step.PUBLISH): State.PUBLISHED,
    (State.DRAFT, Step.ABANDON): State.ABANDONED,
    (State.RETURNED, Step.ABANDON): State.ABANDONED,
    (State.PUBLISHED, Step.REVISE): State.DRAFT,
    (State.PUBLISHED, Step.RETIRE): State.RETIRED,
}

OWN_DEPARTMENT: Mapping[Step, frozenset[Role]] = {
    Step.CHANGE: frozenset({Role.DATA_OFFICER}),
    Step.SUBMIT: frozenset({Role.DATA_OFFICER}),
    Step.ABANDON: frozenset({Role.DATA_OFFICER}),
    Step.REVISE: frozenset({Role.DATA_OFFICER}),
    Step.APPROVE: frozenset({Role.DEPARTMENT_HEAD}),
    Step.RETIRE: frozenset({Role.DEPARTMENT_HEAD}),
}
"""Steps of the provider's own staff; the rest is the data authority's."""


def after(*, state: State, step: Step) -> State:
    """Return the state that a step leads to.

    Basis: Decree 809, articles 13 (the head approves), 16 (review and announcement), 17 (revision).

    Raises:
        StepNotPossible: the step does not begin there.
    """
    found = NEXT.get((state, step))
    if found is None:
        raise StepNotPossible(step=step.value, state=state.value)
    return found


def possible(*, state: State) -> frozenset[Step]:
    """Return the steps that begin in a state."""
    return frozenset(step for begins, step in NEXT if begins is state)


def is_open(state: State) -> bool:
    """Whether a version is still on its way to publication."""
    return state in {State.DRAFT, State.SUBMITTED, State.APPROVED, State.RETURNED}
