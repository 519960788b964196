"""Second factors are kept by allauth; that they came and went is recorded here."""

from datetime import datetime

from zhengshu.contexts.trust.application.records import subject_label
from zhengshu.contexts.trust.events import SecondFactorAdded, SecondFactorRemoved
from zhengshu.contexts.trust.models import Account
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId


@transaction
def record_factor(*, account: Account, factor: str, is_added: bool, actor: Actor, at: datetime) -> None:
    """Announce that a second factor (``totp``, ``webauthn``, ``recovery_codes``) was added or removed."""
    event = SecondFactorAdded if is_added else SecondFactorRemoved
    subject = Subject("account", str(account.id), subject_label(account))
    owner = DepartmentId(account.department_id) if account.department_id else None
    publish(event(at=at, actor=actor, subject=subject, department_id=owner, factor=str(factor)))
