"""Information systems that may call the gateway, and their keys."""

from django.db import models

from zhengshu.contexts.trust.domain.kinds import KeyAlgorithm, OfficialRule
from zhengshu.contexts.trust.models.people import Department
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id


class ConsumingSystemSet(models.QuerySet["ConsumingSystem"]):
    """Consuming systems."""

    def visible_to(self, actor: Actor) -> "ConsumingSystemSet":
        """Keep one's own department's; all for the data authority's reviewers and the security administrator."""
        if actor.has(Role.REVIEWER, Role.SECURITY_ADMIN):
            return self
        if actor.department_id is None or actor.has(Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN):
            return self.none()
        return self.filter(department_id=actor.department_id)


class ConsumingSystem(models.Model):
    """An information system of a department in whose name the gateway is called.

    Attributes:
        official_rule: whether its calls for data must name the official who asks.
        may_report: whether it may hand in what its department's monitor of the proof log found.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="systems")
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    official_rule = models.CharField(
        max_length=10,
        choices=[(rule.value, rule.value) for rule in OfficialRule],
        default=OfficialRule.OPTIONAL.value,
        db_default=OfficialRule.OPTIONAL.value,
    )
    may_report = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()

    objects = ConsumingSystemSet.as_manager()

    class Meta:
        db_table = "trust_consuming_system"
        constraints = [
            models.UniqueConstraint(fields=["department", "name"], name="trust_system_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class SystemKey(models.Model):
    """A key of a consuming system; its secret is sealed under the master key and never shown again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key_id = models.CharField(max_length=40, unique=True)
    system = models.ForeignKey(ConsumingSystem, on_delete=models.PROTECT, related_name="keys")
    algorithm = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in KeyAlgorithm])
    sealed_secret = models.BinaryField(null=True, blank=True)
    public_key = models.BinaryField(null=True, blank=True)
    active_from = models.DateTimeField()
    active_to = models.DateTimeField()
    issued_by = models.UUIDField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.UUIDField(null=True, blank=True)

    class Meta:
        db_table = "trust_system_key"
        indexes = [models.Index(fields=["system", "-active_from"], name="trust_keys_of_system")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(active_to__gte=models.F("active_from")), name="trust_key_period"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    algorithm__in=[KeyAlgorithm.ED25519, KeyAlgorithm.SM2_SM3],
                    public_key__isnull=False,
                    sealed_secret__isnull=True,
                )
                | models.Q(
                    algorithm__in=[KeyAlgorithm.HMAC_SHA256, KeyAlgorithm.HMAC_SM3],
                    public_key__isnull=True,
                    sealed_secret__isnull=False,
                ),
                name="trust_key_material",
            ),
        ]
