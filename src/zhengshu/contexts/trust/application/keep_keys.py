"""The keys that encrypt personal data: what there is, rotation, encrypting anew."""

import os
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.trust.application.queries import departments
from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.events import DataKeysRotated, RootKeyChanged
from zhengshu.foundation.crypto.data_keys import Scope
from zhengshu.foundation.crypto.master_key import change_root, forget_former_roots, roots_of
from zhengshu.foundation.crypto.root_key import RootKey, root_key
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.foundation.vault import keys, reencrypting
from zhengshu.foundation.vault.models import DataKey
from zhengshu.foundation.vault.reencrypting import Progress
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import require_assured

_SUBJECT = Subject("encryption_keys", "1", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """The key of a department and grade.

    Attributes:
        department: its name; empty for data that belong to no department.
        since: when this version was made.
    """

    department: str
    grade: int
    version: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionState:
    """What an administrator sees of the keys.

    Attributes:
        root_where: where the root key lies.
        former_roots: how many other root keys still open the master key.
    """

    root_where: str
    former_roots: int
    keys: tuple[KeyRow, ...]
    progress: tuple[Progress, ...]

    @property
    def is_under_way(self) -> bool:
        """Whether something is still to be encrypted anew."""
        return any(one.finished_at is None for one in self.progress)


def encryption_state(*, actor: Actor) -> EncryptionState:
    """Return the keys and how far the encrypting anew is.

    Raises:
        NotYourDuty: the actor is not the security administrator.
    """
    require(actor, Role.SECURITY_ADMIN)
    rows = list(DataKey.objects.filter(retired_at=None).order_by("department_id", "grade"))
    known = departments(ids={row.department_id for row in rows if row.department_id})
    names = {UUID(str(key)): record.name for key, record in known.items()}
    return EncryptionState(
        root_where=root_key(os.environ).where,
        former_roots=len(roots_of(environment=os.environ)) - 1,
        keys=tuple(
            KeyRow(
                department=names.get(row.department_id, str(row.department_id)) if row.department_id else "",
                grade=row.grade,
                version=row.version,
                since=row.created_at,
            )
            for row in rows
        ),
        progress=reencrypting.progress(),
    )


@transaction
def rotate_data_keys(*, department_id: UUID | None = None, actor: Actor, at: datetime) -> int:
    """Make the next version of every data key, or of those of one department, and have data encrypted by them.

    Returns how many keys were rotated. The workers encrypt anew what is there, beginning after a minute and a half.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        StepUpDue: the actor has not shown lately who he is.
    """
    require(actor, Role.SECURITY_ADMIN)
    require_assured(actor)
    rotated: list[Scope] = [
        scope for scope in keys.scopes() if department_id is None or scope.department_id == department_id
    ]
    for scope in rotated:
        keys.rotate(scope, at=at)
    reencrypting.ask(at=at)
    publish(DataKeysRotated(at=at, actor=actor, subject=_SUBJECT, count=len(rotated)))
    return len(rotated)


@transaction
def change_root_key(*, new: RootKey, actor: Actor, at: datetime) -> None:
    """Let another root key open the master key as well; processes that run need not be stopped.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        RootKeyWrong: the present root key does not open the master key.
    """
    require(actor, Role.SECURITY_ADMIN)
    publish(RootKeyChanged(at=at, actor=actor, subject=_SUBJECT, name=new.name))
    change_root(new=new, environment=os.environ)


@transaction
def forget_root_keys(*, actor: Actor, at: datetime) -> int:
    """Let no other root key than the present one open the master key, and return how many were forgotten.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        RootKeyWrong: the present root key does not open the master key.
    """
    require(actor, Role.SECURITY_ADMIN)
    publish(RootKeyChanged(at=at, actor=actor, subject=_SUBJECT, name=root_key(os.environ).name))
    return forget_former_roots(environment=os.environ)
