"""Which resource an actor means, and whether the step is theirs."""

from zhengshu.contexts.catalog.domain.codes import CodeNotReadable, ResourceCode
from zhengshu.contexts.catalog.domain.lifecycle import OWN_DEPARTMENT, Step, after
from zhengshu.contexts.catalog.domain.vocabulary import State
from zhengshu.contexts.catalog.models import Resource, ResourceVersion
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused


class ResourceNotFound(Refused):
    """No such resource, or not one that you may see; look it up in the catalogue."""

    code = "catalog.resource-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no resource “%(code)s” that you may see."


class StepNotYours(Refused):
    """The step belongs to somebody else: the provider's staff, its head, or the data authority's reviewer."""

    code = "catalog.step-not-yours"
    kind = Kind.FORBIDDEN
    message = "This is not yours to do: it belongs to the providing department or to the data authority."


class NothingOpen(Refused):
    """No version is on its way to publication; begin a revision first."""

    code = "catalog.nothing-open"
    kind = Kind.CONFLICT
    message = "“%(name)s” has no version on its way to publication. Begin a revision first."


class NotPublished(Refused):
    """The resource is not in the published catalogue."""

    code = "catalog.not-published"
    kind = Kind.CONFLICT
    message = "“%(name)s” is not published."


def slug_of(code: str) -> str:
    """Return the URL-safe spelling of a code.

    Raises:
        ResourceNotFound: the text is no code, so that there can be no such resource.
    """
    try:
        return ResourceCode.parse(code).slug
    except CodeNotReadable as refusal:
        raise ResourceNotFound(code=code[:60]) from refusal


def visible_resource(*, code: str, actor: Actor) -> Resource:
    """Return a resource that the actor may see.

    Raises:
        ResourceNotFound: there is none.
    """
    slug = slug_of(code)
    found = Resource.objects.visible_to(actor).filter(code=slug).first()
    if found is None:
        raise ResourceNotFound(code=slug)
    return found


def locked_resource(*, code: str, actor: Actor) -> Resource:
    """Return a resource for a change, locked until the transaction ends.

    Raises:
        ResourceNotFound: there is none that the actor may see.
    """
    slug = slug_of(code)
    found = Resource.objects.visible_to(actor).select_for_update(of=("self",)).filter(code=slug).first()
    if found is None:
        raise ResourceNotFound(code=slug)
    return found


def require(step: Step, *, resource: Resource, state: State, actor: Actor) -> None:
    """Let a step pass only for those whose it is.

    Raises:
        StepNotYours: another department's, or not among the actor's roles.
    """
    if not may(step, resource=resource, state=state, actor=actor):
        raise StepNotYours(step=step.value)


def may(step: Step, *, resource: Resource, state: State, actor: Actor) -> bool:
    """Whether a step from a state is this actor's."""
    is_provider = actor.is_platform or actor.department_id == resource.department_id
    if roles := OWN_DEPARTMENT.get(step):
        return is_provider and actor.has(*roles)
    if state is State.SUBMITTED:
        return is_provider and actor.has(Role.DEPARTMENT_HEAD)
    is_authority = actor.is_platform or actor.department_id == resource.authority_id
    return is_authority and actor.has(Role.REVIEWER)


def open_version(resource: Resource) -> ResourceVersion:
    """Return the version on its way to publication, locked.

    Raises:
        NothingOpen: there is none.
    """
    if resource.opened_id is None:
        raise NothingOpen(name=resource.name)
    return ResourceVersion.objects.select_for_update(of=("self",)).get(id=resource.opened_id)


def take(step: Step, *, resource: Resource, version: ResourceVersion, actor: Actor) -> State:
    """Check that a step is the actor's and possible; return the state that it leads to.

    Raises:
        StepNotYours: another department's, or not among the actor's roles.
        StepNotPossible: it does not begin in the version's state.
    """
    state = State(version.state)
    require(step, resource=resource, state=state, actor=actor)
    return after(state=state, step=step)
