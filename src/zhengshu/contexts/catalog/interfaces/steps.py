"""Which buttons a person gets on the page of a version."""

from dataclasses import dataclass

from zhengshu.contexts.catalog.application.access import may, visible_resource
from zhengshu.contexts.catalog.application.records import VersionRecord
from zhengshu.contexts.catalog.domain.lifecycle import Step, possible
from zhengshu.kernel.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Doable:
    """What a person may do now with a version; `is_party` whether the matter is the person's department's at all."""

    change: bool = False
    submit: bool = False
    approve: bool = False
    send_back: bool = False
    publish: bool = False
    abandon: bool = False
    revise: bool = False
    retire: bool = False
    is_party: bool = False

    @property
    def any(self) -> bool:
        """Whether there is anything to do."""
        return any(
            (
                self.change,
                self.submit,
                self.approve,
                self.send_back,
                self.publish,
                self.abandon,
                self.revise,
                self.retire,
            )
        )


def doable(*, code: str, version: VersionRecord, actor: Actor) -> Doable:
    """Return what the actor may do with a version of a resource that the actor sees."""
    resource = visible_resource(code=code, actor=actor)
    steps = {
        step
        for step in possible(state=version.state)
        if may(step, resource=resource, state=version.state, actor=actor)
    }
    is_idle = resource.opened_id is None and resource.retired_at is None
    return Doable(
        change=Step.CHANGE in steps,
        submit=Step.SUBMIT in steps,
        approve=Step.APPROVE in steps,
        send_back=Step.RETURN in steps,
        publish=Step.PUBLISH in steps,
        abandon=Step.ABANDON in steps,
        revise=Step.REVISE in steps and is_idle,
        retire=Step.RETIRE in steps and is_idle,
        is_party=actor.department_id in {resource.department_id, resource.authority_id},
    )
