"""Matters about shared data: corrections, misuse of grants, demands, disputes. Each row follows its case."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from zhengshu.contexts.exchange.domain.matters import MatterKind
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import new_id

MATTER_ROLES = frozenset(
    {
        Role.DATA_OFFICER,
        Role.DEPARTMENT_HEAD,
        Role.REVIEWER,
        Role.APPROVER,
        Role.WINDOW_CLERK,
        Role.OPERATOR,
        Role.LEADER,
    }
)
"""Who has to do with matters at all; the three administrators do not."""

AUTHORITY_ROLES = frozenset({Role.REVIEWER, Role.LEADER, Role.DEPARTMENT_HEAD})
"""Who in a data authority sees the matters that it supervises."""


class MatterNotFound(Refused):
    """No such matter, or not one that the actor may see."""

    code = "exchange.matter-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such matter, or your department has no part in it."


M = TypeVar("M", bound="Matter")


class Matters(models.QuerySet[M]):
    """Matters of one kind, narrowed to what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those in which the actor's department has a part, or which its data authority supervises."""
        if actor.is_platform:
            return self
        if actor.department_id is None or not actor.has(*MATTER_ROLES):
            return self.none()
        seen = self.model.listed()
        for column in self.model.sides.values():
            seen |= Q(**{column: actor.department_id})
        if actor.has(*AUTHORITY_ROLES):
            seen |= Q(authority_department_id=actor.department_id)
        return self.filter(seen)

    def one(self, matter_id: UUID) -> M:
        """Return one matter.

        Raises:
            MatterNotFound: it does not exist or is not visible.
        """
        found = self.filter(id=matter_id).first()
        if found is None:
            raise MatterNotFound
        return found

    def locked(self, matter_id: UUID) -> M:
        """Return one matter, locked until the transaction ends.

        Raises:
            MatterNotFound: it does not exist or is not visible.
        """
        return self.select_for_update().one(matter_id)


class Matter(models.Model):
    """What all matters have: a case that they follow, and the data authority that sees them.

    Attributes:
        state: the to-do for which it waits, or how it ended; codes of the case type.
        due_at: when the running clock of its case ends; once it has ended, when it was due.
        in_time: once it has ended: whether that was before `due_at`; None where no clock ran.
    """

    matter: ClassVar[MatterKind]
    sides: ClassVar[Mapping[str, str]] = {}
    """Party of the case → column of its department; the first opened it."""
    searched: ClassVar[tuple[str, ...]] = ("number",)
    """Columns in which words are looked for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40)
    case_id = models.UUIDField(unique=True)
    state = models.CharField(max_length=64)
    due_at = models.DateTimeField(null=True)
    in_time = models.BooleanField(null=True)
    authority_department_id = models.UUIDField()
    opened_by = models.UUIDField()
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    @classmethod
    def listed(cls) -> Q:
        """Return the condition for rows that every department may see."""
        return Q(pk__in=())

    @property
    def title(self) -> str:
        """What lists call it; no personal data."""
        raise NotImplementedError

    @property
    def note(self) -> str:
        """What came of it, in a line."""
        return ""

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"/exchange/{self.matter.value}/{self.id}/"

    @property
    def is_open(self) -> bool:
        """Whether somebody has to act."""
        return self.closed_at is None

    def department_of(self, party: str) -> UUID | None:
        """Return which department takes a part in it."""
        found: UUID | None = getattr(self, self.sides[party])
        return found

    def touch(self, *, at: datetime) -> None:
        """Save every field with the time of the change."""
        self.changed_at = at
        self.save()
