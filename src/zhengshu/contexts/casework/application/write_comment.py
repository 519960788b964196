"""Comments that those who work on a case, or asked for it, write into its timeline."""

from datetime import datetime
from typing import ClassVar

from zhengshu.contexts.casework.application.commands_once import was_handled
from zhengshu.contexts.casework.application.documents import NotInternal
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.records import INTERNAL, TEXT, StepKind
from zhengshu.contexts.casework.events import CommentWritten
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId

MOST_LETTERS = 2000


class CommentUnfit(Refused):
    """A comment says something, and no more than fits on a page."""

    code: ClassVar[str] = "casework.comment-unfit"
    message: ClassVar[str] = "Write 1 to %(most)s letters. What is longer is better added as a document."


@transaction
def write_comment(
    *, case_id: CaseId, text: str, is_internal: bool, actor: Actor, at: datetime, idempotency_key: str = ""
) -> None:
    """Write a comment; an internal one is for officials and never among the words by which a case is found.

    Raises:
        CaseNotFound: the actor may not see such a case.
        CaseClosedAlready: the case has ended.
        CommentUnfit: it says nothing, or too much.
        NotInternal: an applicant would hide something from himself.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command = {"case": case_id, "text": text, "is_internal": is_internal}
    if was_handled("write-comment", idempotency_key, command, actor=actor, at=at):
        return
    case.check_open()
    if not 0 < len(text.strip()) <= MOST_LETTERS:
        raise CommentUnfit(most=MOST_LETTERS)
    if is_internal and actor.department_id is None:
        raise NotInternal
    if is_internal:
        case.note(StepKind.COMMENTED, at=at, details={INTERNAL: "1", TEXT: text.strip()})
    else:
        case.note(StepKind.COMMENTED, at=at, reason=text.strip())
    case.announce(CommentWritten, at=at, is_internal=is_internal)
    case.store(at=at)
