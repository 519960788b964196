"""Sensitive acts ask that whoever acts has shown lately, and closely enough, who he is."""

from typing import ClassVar

from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused


class StepUpDue(Refused):
    """The act is sensitive and the sign-in too old or too weak for it; the page for it asks again."""

    code: ClassVar[str] = "access.step-up-due"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = (
        "Show again who you are before this act: by your second factor, or your password if you have none."
    )


def require_assured(actor: Actor) -> None:
    """Let the actor through who has lately shown who he is.

    Raises:
        StepUpDue: the sign-in is too old, or lacks the second factor.
    """
    if not actor.is_assured:
        raise StepUpDue
