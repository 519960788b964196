"""Taking a case type out of use."""

from datetime import datetime

from zhengshu.contexts.casework.application.drafts import NotADesigner, check_owner
from zhengshu.contexts.casework.application.open_case import CaseTypeNotFound
from zhengshu.contexts.casework.events import CaseTypeRetired
from zhengshu.contexts.casework.models import CaseTypeVersion
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role

RETIRERS = (Role.DEPARTMENT_HEAD, Role.REVIEWER)


@transaction
def retire_case_type(*, code: str, actor: Actor, at: datetime) -> None:
    """Let no new case of a type be opened; running cases go on with their version.

    Raises:
        CaseTypeNotFound: no version of it is current.
        NotADesigner: the type belongs to others, or the actor is neither head nor reviewer.
    """
    version = CaseTypeVersion.objects.select_for_update().filter(code=code, is_current=True).first()
    if version is None:
        raise CaseTypeNotFound(case_type=code)
    if not actor.has(*RETIRERS):
        raise NotADesigner
    check_owner(code, actor=actor)
    CaseTypeVersion.objects.filter(pk=version.pk).update(is_current=False)
    publish(
        CaseTypeRetired(
            at=at,
            actor=actor,
            subject=Subject(kind="case_type", id=str(version.pk), label=code),
            digest=version.digest,
        )
    )
