"""Seals: who has which, with which keys, who may use it, for which documents it was used."""

from django.db import models

from zhengshu.contexts.trust.domain.seals import KeyUse, SealFormat, SealState
from zhengshu.contexts.trust.models.people import Account, Department
from zhengshu.foundation.crypto.signatures import Scheme
from zhengshu.foundation.seals.stamps import SealKind
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id


class SealSet(models.QuerySet["Seal"]):
    """Seals."""

    def visible_to(self, actor: Actor) -> "SealSet":
        """Keep one's own department's; all for reviewers and for the administrators of security and audit."""
        if actor.has(Role.REVIEWER, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
            return self
        if actor.department_id is None or actor.has(Role.SYSTEM_ADMIN):
            return self.none()
        return self.filter(department_id=actor.department_id)


class Seal(models.Model):
    """A seal, from its application on.

    Attributes:
        code: unique for ever; what GB/T 38540 calls `esID`.
        holder: of a personal seal, the person.
        made: the seal as its maker signed it; empty until then.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    kind = models.PositiveSmallIntegerField(choices=[(one.value, one.name) for one in SealKind])
    name = models.CharField(max_length=100)
    caption = models.CharField(max_length=20, blank=True)
    purpose = models.CharField(max_length=300, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="seals")
    holder = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    picture = models.BinaryField()
    width_mm = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=[(one.value, one.value) for one in SealState])
    active_from = models.DateTimeField()
    active_to = models.DateTimeField()
    made = models.BinaryField(null=True)
    made_at = models.DateTimeField(null=True)
    case_id = models.UUIDField(null=True)
    case_number = models.CharField(max_length=40, blank=True)
    applied_at = models.DateTimeField()
    applied_by = models.UUIDField()
    applied_by_name = models.CharField(max_length=100)
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=100, blank=True)
    revoked_because = models.CharField(max_length=300, blank=True)

    objects = SealSet.as_manager()

    class Meta:
        db_table = "trust_seal"
        indexes = [
            models.Index(fields=["department", "name"], name="trust_seals_of_department"),
            models.Index(fields=["case_id"], name="trust_seal_case"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(active_to__gt=models.F("active_from")), name="trust_seal_period"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=SealKind.PERSONAL, holder__isnull=False)
                | (~models.Q(kind=SealKind.PERSONAL) & models.Q(holder__isnull=True)),
                name="trust_seal_holder_of_personal_ones",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[SealState.APPLIED, SealState.REFUSED], made__isnull=True)
                | models.Q(state__in=[SealState.IN_USE, SealState.REVOKED], made__isnull=False),
                name="trust_seal_made_once_approved",
            ),
            models.CheckConstraint(
                condition=models.Q(state=SealState.REVOKED, revoked_at__isnull=False)
                | (~models.Q(state=SealState.REVOKED) & models.Q(revoked_at__isnull=True)),
                name="trust_seal_revoked_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SealKey(models.Model):
    """A key of the authority for seals, or of one seal, with its certificate; the private part lies sealed.

    Attributes:
        certificate: in DER.
        serial: in hexadecimal.
        fingerprint: SHA-256 of the certificate, in hexadecimal.
        is_current: not replaced by another authority's certificate; one that was still counts for what it sealed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    use = models.CharField(max_length=12, choices=[(one.value, one.value) for one in KeyUse])
    scheme = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Scheme])
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, null=True, related_name="keys")
    sealed_secret = models.BinaryField()
    certificate = models.BinaryField()
    serial = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64, unique=True)
    active_from = models.DateTimeField()
    active_to = models.DateTimeField()
    is_current = models.BooleanField(default=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_seal_key"
        constraints = [
            models.UniqueConstraint(
                fields=["use", "scheme", "seal"],
                condition=models.Q(is_current=True),
                nulls_distinct=False,
                name="trust_one_seal_key_at_work",
            ),
            models.CheckConstraint(
                condition=models.Q(use=KeyUse.SEAL, seal__isnull=False)
                | (~models.Q(use=KeyUse.SEAL) & models.Q(seal__isnull=True)),
                name="trust_seal_key_of_a_seal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use} {self.scheme}"


class SealUser(models.Model):
    """Somebody who may use a seal, from one instant to another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="users")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    active_from = models.DateTimeField()
    active_to = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_seal_user"
        constraints = [
            models.UniqueConstraint(
                fields=["seal", "account"],
                condition=models.Q(active_to=None),
                name="trust_seal_user_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.account_id)


class SealStandingUse(models.Model):
    """The platform may put a seal on its department's documents of one kind, from one instant to another.

    Attributes:
        department: that of the seal, here so that it has one seal for each kind.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="standing_uses")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    document_kind = models.CharField(max_length=40)
    active_from = models.DateTimeField()
    active_to = models.DateTimeField(null=True)
    allowed_by = models.UUIDField()
    allowed_by_name = models.CharField(max_length=100)

    class Meta:
        db_table = "trust_seal_standing_use"
        constraints = [
            models.UniqueConstraint(
                fields=["department", "document_kind"],
                condition=models.Q(active_to=None),
                name="trust_seal_standing_use_once",
            ),
        ]

    def __str__(self) -> str:
        return self.document_kind


class SealApproval(models.Model):
    """A document that may be sealed: what exactly, by which department, approved by whom. Triggers keep it unchanged.

    Attributes:
        document_kind, document_id: what it is in the context that owns it, as `casework.notice`.
        digest: of the text that was approved; nothing else is sealed by this approval.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document_kind = models.CharField(max_length=40)
    document_id = models.UUIDField()
    number = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    approved_by = models.UUIDField()
    approved_by_name = models.CharField(max_length=100)

    class Meta:
        db_table = "trust_seal_approval"
        constraints = [
            models.UniqueConstraint(fields=["document_kind", "document_id"], name="trust_seal_approval_once"),
        ]

    def __str__(self) -> str:
        return self.number


class SealUse(models.Model):
    """One use of a seal: on which document, by whom, as which file. Triggers keep it unchanged.

    Attributes:
        digest: SHA-256 of the sealed file, under which it is kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="uses")
    approval = models.ForeignKey(SealApproval, on_delete=models.PROTECT, related_name="uses")
    format = models.CharField(max_length=4, choices=[(one.value, one.value) for one in SealFormat])
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    used_at = models.DateTimeField()
    used_by = models.UUIDField()
    used_by_name = models.CharField(max_length=100)

    class Meta:
        db_table = "trust_seal_use"
        indexes = [
            models.Index(fields=["seal", "-used_at"], name="trust_seal_uses"),
            models.Index(fields=["digest"], name="trust_seal_use_digest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["seal", "approval", "format"], name="trust_seal_use_once"),
        ]

    def __str__(self) -> str:
        return self.digest
