"""Benefits without application: what is switched on, runs, who was found, who confirmed, what is paid."""

from typing import Self

from django.db import models
from django.db.models import Q

from zhengshu.foundation.crypto.data_keys import blind_index
from zhengshu.foundation.vault.columns import encrypted_text
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

KEEPERS = (Role.DATA_OFFICER, Role.APPROVER, Role.DEPARTMENT_HEAD)
"""Officials of the granting department who work with a benefit and see whom it found."""


def subject_digest(number: str) -> bytes:
    """Return the blind index of a citizen ID or credit code; it tells nobody the number."""
    return blind_index("services_entitlement.subject")(number)


def doubt_digest(doubt: str) -> bytes:
    """Return the blind index of what left a doubt."""
    return blind_index("services_entitlement.doubt")(doubt)


class BenefitQuerySet(models.QuerySet["Benefit"]):
    """Benefits; what they are is public, who was found is not."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all for everybody who is signed in."""
        return self if actor.is_signed_in or actor.is_platform else self.none()

    def kept_by(self, actor: Actor) -> Self:
        """Keep those of the actor's department, for those who work with them."""
        if actor.is_platform:
            return self
        if not actor.has(*KEEPERS) or actor.department_id is None:
            return self.none()
        return self.filter(department_id=actor.department_id)


class Benefit(models.Model):
    """A benefit as its pack declares it now, and whether it is switched on."""

    code = models.SlugField(primary_key=True, max_length=80)
    department_id = models.UUIDField()
    definition = models.JSONField()
    digest = models.CharField(max_length=64)
    """Of the declaration; another one is switched off until somebody has seen a dry run of it."""
    is_on = models.BooleanField(default=False)
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    loaded_at = models.DateTimeField()

    objects = BenefitQuerySet.as_manager()

    class Meta:
        db_table = "services_benefit"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_on=False) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="services_benefit_on_was_decided",
            )
        ]

    def __str__(self) -> str:
        return self.code


class BenefitRunQuerySet(models.QuerySet["BenefitRun"]):
    """Runs, by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the runs of benefits of the actor's department."""
        return self.filter(benefit__in=Benefit.objects.kept_by(actor))


class BenefitRun(models.Model):
    """One search for those who are entitled, area by area; a real one exists once for each period."""

    class State(models.TextChoices):
        RUNNING = "running"
        FAILED = "failed"
        FINISHED = "finished"

    id = models.UUIDField(primary_key=True, default=new_id)
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="runs")
    is_dry = models.BooleanField()
    period = models.CharField(max_length=10)
    on = models.DateField()
    """The day for which the rules are asked."""
    digest = models.CharField(max_length=64)
    definition = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    fault = models.CharField(max_length=200, blank=True)
    started_by = models.UUIDField()
    started_by_name = models.CharField(max_length=100)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    areas = models.JSONField(default=dict)
    """Area → what was counted in it; an area that stands here is done."""

    objects = BenefitRunQuerySet.as_manager()

    class Meta:
        db_table = "services_benefit_run"
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["benefit", "period"], condition=Q(is_dry=False), name="services_one_run_a_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.benefit_id} {self.period}"


class FoundQuerySet(models.QuerySet["Found"]):
    """Whom runs found, by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of runs of the actor's department."""
        return self.filter(run__in=BenefitRun.objects.visible_to(actor))


class Found(models.Model):
    """Somebody whom a run found entitled or doubtful; of everybody else only counts are kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    run = models.ForeignKey(BenefitRun, on_delete=models.CASCADE, related_name="found")
    subject = models.BinaryField()
    sealed_number = models.BinaryField()
    sealed_name = models.BinaryField(null=True)
    number = encrypted_text("sealed_number")
    name = encrypted_text("sealed_name")
    area = models.CharField(max_length=12)
    group = models.CharField(max_length=10, blank=True)
    outcome = models.CharField(max_length=10)
    findings = models.JSONField()

    objects = FoundQuerySet.as_manager()

    class Meta:
        db_table = "services_benefit_found"
        constraints = [models.UniqueConstraint(fields=["run", "subject"], name="services_found_once_a_run")]
        indexes = [models.Index(fields=["run", "outcome", "area"], name="services_found_by_area")]

    def __str__(self) -> str:
        return str(self.id)


class EntitlementQuerySet(models.QuerySet["Entitlement"]):
    """Entitlements, by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of benefits of an official's department; what is one's own is found by one's number."""
        return self.filter(benefit__in=Benefit.objects.kept_by(actor))


class Entitlement(models.Model):
    """What one person or firm is entitled to, from the first run that found it; one for each benefit."""

    class State(models.TextChoices):
        ASKED = "asked"
        """Found; waits for the confirmation."""
        ACTIVE = "active"
        DECLINED = "declined"
        OBJECTED = "objected"
        """Says that it was wrongly found; an official looks into it."""
        REMOVED = "removed"
        """Was wrongly found indeed."""
        SUSPENDED = "suspended"
        """The last run did not find it any more, or left a doubt about somebody who had confirmed."""
        DOUBTFUL = "doubtful"
        """The rules could not decide; an official does, before anybody is asked."""
        REFUSED = "refused"
        """An official decided that it is not entitled."""

    id = models.UUIDField(primary_key=True, default=new_id)
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="entitlements")
    subject = models.BinaryField()
    sealed_number = models.BinaryField()
    sealed_name = models.BinaryField(null=True)
    sealed_account = models.BinaryField(null=True)
    number = encrypted_text("sealed_number")
    name = encrypted_text("sealed_name")
    account = encrypted_text("sealed_account")
    area = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    findings = models.JSONField()
    """What the rules came to in the last run that looked."""
    last_run = models.ForeignKey(BenefitRun, on_delete=models.PROTECT, related_name="entitlements")
    case_id = models.UUIDField(null=True, unique=True)
    found_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    """When the first run after the last that found him did not any more; he was told then, and is not told again."""
    doubt = models.BinaryField(null=True)
    """What is in doubt, or was when an official decided; the same doubt is not looked into again."""
    doubt_case_id = models.UUIDField(null=True, unique=True)
    """The case in which an official looks into the doubt; none once he has decided."""
    doubt_run = models.ForeignKey(BenefitRun, on_delete=models.PROTECT, null=True, related_name="+")
    """The run that left the doubt first."""
    sealed_refusal = models.BinaryField(null=True)
    refusal = encrypted_text("sealed_refusal")
    """Why an official decided that it is not entitled."""

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        db_table = "services_entitlement"
        constraints = [
            models.UniqueConstraint(fields=["benefit", "subject"], name="services_entitled_once"),
            models.CheckConstraint(
                condition=~Q(state="objected") | Q(case_id__isnull=False),
                name="services_objection_has_a_case",
            ),
            models.CheckConstraint(
                condition=~Q(state="doubtful") | Q(doubt_case_id__isnull=False),
                name="services_doubt_has_a_case",
            ),
        ]
        indexes = [models.Index(fields=["benefit", "state"], name="services_entitlement_state")]

    def __str__(self) -> str:
        return str(self.id)


class PaymentListQuerySet(models.QuerySet["PaymentList"]):
    """Lists for the treasury, by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of benefits of the actor's department."""
        return self.filter(benefit__in=Benefit.objects.kept_by(actor))


class PaymentList(models.Model):
    """What was handed to the treasury at one time; no money moves here."""

    id = models.UUIDField(primary_key=True, default=new_id)
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="lists")
    made_by = models.UUIDField()
    made_by_name = models.CharField(max_length=100)
    made_at = models.DateTimeField()

    objects = PaymentListQuerySet.as_manager()

    class Meta:
        db_table = "services_payment_list"
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return str(self.id)


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Payments due, by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of benefits of the actor's department."""
        return self.filter(entitlement__in=Entitlement.objects.visible_to(actor))


class Payment(models.Model):
    """What is due to one entitled person for one period; there is never a second."""

    id = models.UUIDField(primary_key=True, default=new_id)
    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="payments")
    period = models.CharField(max_length=10)
    yuan = models.DecimalField(max_digits=12, decimal_places=2)
    due_at = models.DateTimeField()
    on_list = models.ForeignKey(PaymentList, on_delete=models.PROTECT, null=True, related_name="payments")

    objects = PaymentQuerySet.as_manager()

    class Meta:
        db_table = "services_payment"
        constraints = [
            models.UniqueConstraint(fields=["entitlement", "period"], name="services_paid_once_a_period"),
            models.CheckConstraint(condition=Q(yuan__gt=0), name="services_payment_is_positive"),
        ]

    def __str__(self) -> str:
        return self.period
