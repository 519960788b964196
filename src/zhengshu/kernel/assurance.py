"""Sensitive acts ask that whoever acts has shown lately, and closely enough, who he is."""

from typing import ClassVar

from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Stopped
from zhengshu.kernel.levels import Assurance


class StepUpDue(Stopped):
    """The act is sensitive and the sign-in too old or too weak for it; the page for it asks again.

    It is no `Refused`: no page shows it beside a field, for the person is led away, shows who he is, and comes back.
    """

    code: ClassVar[str] = "access.step-up-due"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = (
        "Show again who you are before this act: by your second factor, or your password if you have none."
    )

    def __init__(self, *, level: Assurance = Assurance.ONE_FACTOR) -> None:
        """Keep the level that the act asks for."""
        super().__init__(level=level.name.lower())
        self.level = level


def require_assured(actor: Actor, *, level: Assurance = Assurance.ONE_FACTOR) -> None:
    """Let the actor through who has lately shown who he is, as surely as the act asks.

    Raises:
        StepUpDue: the sign-in is too old, lacks the second factor, or is weaker than the level.
    """
    if not actor.is_assured or actor.level < level:
        raise StepUpDue(level=level)
