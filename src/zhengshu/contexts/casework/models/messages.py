"""Messages to people, their deliveries by other channels, what people chose, and notices in writing."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from zhengshu.contexts.casework.domain.message_rules import Channel
from zhengshu.contexts.casework.models.cases import Case
from zhengshu.contexts.casework.models.types import CaseTypeVersion
from zhengshu.foundation.vault.columns import encrypted_text
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import new_id


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages as an actor may see them."""

    def visible_to(self, actor: Actor) -> "MessageQuerySet":
        """Keep the actor's own, about cases that he may still see."""
        if not actor.is_signed_in or actor.is_platform:
            return self.none()
        return self.filter(person_id=actor.id, case__in=Case.objects.visible_to(actor))

    def unread(self) -> "MessageQuerySet":
        """Keep those that were not read."""
        return self.filter(read_at=None)


class Message(models.Model):
    """What one person is told of one occasion; its words are those of the version that the case ran then."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    version = models.ForeignKey(CaseTypeVersion, on_delete=models.PROTECT, related_name="messages")
    code = models.CharField(max_length=64)
    person_id = models.UUIDField()
    occasion_key = models.CharField(max_length=64)
    """Which occasion it was, so that an event that comes twice tells once."""
    facts = models.JSONField()
    """What the words name, as it was then."""
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        db_table = "casework_message"
        indexes = [
            models.Index(fields=["person_id", "-at"], name="casework_message_person"),
            models.Index(fields=["person_id"], condition=Q(read_at=None), name="casework_message_unread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "code", "occasion_key"], name="casework_message_once"
            )
        ]

    def __str__(self) -> str:
        return self.code


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries of messages."""

    def waiting(self) -> "DeliveryQuerySet":
        """Keep those that are still to be sent."""
        return self.filter(state__in=[Delivery.State.QUEUED, Delivery.State.FAILED])

    def troubled(self) -> "DeliveryQuerySet":
        """Keep those that failed at least once and were not sent."""
        return self.filter(state__in=[Delivery.State.FAILED, Delivery.State.GIVEN_UP])


class Delivery(models.Model):
    """A message on its way by e-mail or SMS; its id is the key by which a channel knows it again."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"
        GIVEN_UP = "given_up"

    id = models.UUIDField(primary_key=True, default=new_id)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Channel])
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=40, blank=True)
    """A code; never the words of a server, which may repeat an address."""
    changed_at = models.DateTimeField()

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        db_table = "casework_delivery"
        indexes = [
            models.Index(fields=["changed_at"], condition=~Q(state="sent"), name="casework_delivery_open")
        ]
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="casework_delivery_once"),
            models.CheckConstraint(condition=~Q(channel="site"), name="casework_site_needs_no_delivery"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class MessageChoice(models.Model):
    """By which channels a person wants messages besides the site, and where; addresses are sealed.

    An address that is not confirmed gets nothing but the code that confirms it.
    """

    person_id = models.UUIDField(primary_key=True)
    by_email = models.BooleanField(default=False)
    by_sms = models.BooleanField(default=False)
    sealed_email = models.BinaryField(null=True)
    sealed_phone = models.BinaryField(null=True)
    email_confirmed_at = models.DateTimeField(null=True)
    phone_confirmed_at = models.DateTimeField(null=True)
    email = encrypted_text("sealed_email", former=b"casework.message_choice.email:")
    phone = encrypted_text("sealed_phone", former=b"casework.message_choice.phone:")
    language = models.CharField(max_length=10, default="zh-hans")
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "casework_message_choice"
        constraints = [
            models.CheckConstraint(
                condition=Q(by_email=False) | Q(sealed_email__isnull=False),
                name="casework_email_needs_an_address",
            ),
            models.CheckConstraint(
                condition=Q(by_sms=False) | Q(sealed_phone__isnull=False), name="casework_sms_needs_a_number"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)

    def is_confirmed(self, channel: Channel) -> bool:
        """Whether the person has shown that the address of a channel is his."""
        moments = {Channel.EMAIL: self.email_confirmed_at, Channel.SMS: self.phone_confirmed_at}
        return moments[channel] is not None

    def takes(self, channel: Channel) -> bool:
        """Whether messages go to the person by a channel: he wants it, and its address is confirmed."""
        wanted = {Channel.EMAIL: self.by_email, Channel.SMS: self.by_sms}
        return wanted[channel] and self.is_confirmed(channel)

    def confirm(self, channel: Channel, *, at: datetime) -> None:
        """Write down that the address of a channel was confirmed."""
        if channel == Channel.EMAIL:
            self.email_confirmed_at = at
        else:
            self.phone_confirmed_at = at
        self.save(update_fields=["email_confirmed_at", "phone_confirmed_at"])


class AddressCode(models.Model):
    """A code that was sent to an address, to see whether it is the person's own; sealed while it counts."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person_id = models.UUIDField()
    channel = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Channel])
    sealed_code = models.BinaryField(null=True)
    """None once it counts no more."""
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "casework_address_code"
        indexes = [models.Index(fields=["person_id", "channel"], name="casework_address_code_person")]

    def __str__(self) -> str:
        return self.channel


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices as an actor may see them."""

    def visible_to(self, actor: Actor) -> "NoticeQuerySet":
        """Keep those of the cases that the actor may see."""
        return self.filter(case__in=Case.objects.visible_to(actor))


class Notice(models.Model):
    """A notice in writing as it was issued, in both languages; a trigger refuses to change or remove it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    code = models.CharField(max_length=64)
    titles = models.JSONField()
    texts = models.JSONField()
    office_name = models.CharField(max_length=200, blank=True)
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        db_table = "casework_notice"
        indexes = [models.Index(fields=["case", "issued_at"], name="casework_notice_case")]

    def __str__(self) -> str:
        return self.code
