"""Queue of a hall: groups of windows that call the same numbers, and the tickets of a day. Tickets name nobody."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from zhengshu.contexts.services.domain.queueing import AT_HAND, TicketState, label_of
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

HALL_KEEPERS = (Role.WINDOW_CLERK, Role.DEPARTMENT_HEAD)
"""Who forms window groups."""


def _at_department(actor: Actor) -> Q:
    return Q(department_id=actor.department_id) if actor.has(*HALL_KEEPERS) else Q(pk=None)


class WindowGroupQuerySet(models.QuerySet["WindowGroup"]):
    """Window groups, always by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of the actor's department, for those who keep and call them."""
        return self if actor.is_platform else self.filter(_at_department(actor))

    def open(self) -> Self:
        """Keep those that give numbers."""
        return self.filter(ended_at=None)


class WindowGroup(models.Model):
    """Windows of one department that call the same numbers, for some of its matters or for all.

    Attributes:
        letter: what its numbers begin with; a department has each letter once.
        items: codes of the items for which a number is taken; empty for any matter.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    department_id = models.UUIDField()
    department_name = models.CharField(max_length=200)
    letter = models.CharField(max_length=1)
    name = models.CharField(max_length=40)
    items = models.JSONField(default=list)
    formed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = WindowGroupQuerySet.as_manager()

    class Meta:
        db_table = "services_window_group"
        ordering = ["letter", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["department_id", "letter"],
                condition=Q(ended_at=None),
                name="services_window_letter_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.name}"


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Tickets, always by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of the groups that the actor may see."""
        return self.filter(group__in=WindowGroup.objects.visible_to(actor))

    def counted_by(self, actor: Actor) -> Self:
        """Keep those that the actor may count: leaders and reviewers all, for they name nobody; else as seen."""
        return self if actor.has(Role.LEADER, Role.REVIEWER) else self.visible_to(actor)

    def on_screen(self, *, department_id: object, on: date) -> Self:
        """Keep what the screen of a hall shows everybody: numbers that were called today, with their windows."""
        return self.filter(group__department_id=department_id, on=on, state__in=AT_HAND)


class Ticket(models.Model):
    """A number that somebody took on one day; whoever has its code follows it, and nobody learns whose it is.

    Attributes:
        once: what the page drew on which it was taken; the page sent twice takes one number.
        calls: how often it was called.
        window: where it was called last.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.ForeignKey(WindowGroup, on_delete=models.PROTECT, related_name="tickets")
    on = models.DateField()
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=16, unique=True)
    once = models.UUIDField(unique=True)
    kiosk_id = models.UUIDField()
    item_code = models.CharField(max_length=80, blank=True)
    item_name = models.CharField(max_length=500, blank=True)
    item_name_en = models.CharField(max_length=500, blank=True)
    case_type = models.CharField(max_length=80, blank=True)
    state = models.CharField(
        max_length=10,
        choices=[(one.value, one.value) for one in TicketState],
        default=TicketState.WAITING.value,
    )
    window = models.CharField(max_length=40, blank=True)
    clerk_id = models.UUIDField(null=True)
    calls = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField()
    first_called_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    served_from = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        db_table = "services_ticket"
        ordering = ["on", "group", "number"]
        indexes = [models.Index(fields=["on", "state"], name="services_ticket_today")]
        constraints = [
            models.UniqueConstraint(fields=["group", "on", "number"], name="services_ticket_number_once"),
            models.UniqueConstraint(
                fields=["clerk_id", "on"],
                condition=Q(state__in=sorted(one.value for one in AT_HAND)),
                name="services_ticket_at_hand_once",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its number as it is printed and called."""
        return label_of(self.group.letter, self.number)
