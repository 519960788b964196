"""Whether the form of a task was sent, without which the task cannot end."""

from typing import ClassVar

from zhengshu.contexts.casework.domain.definitions import OutcomeRule, TaskRule
from zhengshu.contexts.casework.models import FormAnswers, Task
from zhengshu.kernel.errors import Kind, Refused


class FormNotAnswered(Refused):
    """The task ends by sending its form."""

    code: ClassVar[str] = "casework.form-not-answered"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "This to-do has a form. Fill it in and send it; that ends the to-do."


def must_be_answered(task: Task, *, rule: TaskRule, outcome: OutcomeRule) -> None:
    """Refuse to end a task whose form was not sent, unless it ends so without.

    Raises:
        FormNotAnswered: it was not.
    """
    if rule.form and not outcome.without_form and not FormAnswers.objects.filter(task=task).exists():
        raise FormNotAnswered
