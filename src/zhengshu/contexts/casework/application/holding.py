"""Who holds a clock: the people who have an open task under it."""

from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.completing import NotYourTask


def check_holder(case: WorkingCase, *, clock: str) -> None:
    """Refuse whoever has no open task under a clock.

    Raises:
        NotYourTask: none of the open tasks that the clock covers is for the actor.
    """
    covers = case.type.definition.clocks[clock].covers
    lanes = (case.type.flow.lane_of(task.code) for task in case.tasks if task.code in covers)
    if not any(case.is_in_lane(lane) for lane in lanes):
        raise NotYourTask
