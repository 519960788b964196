"""The audit: one row for each change of state, and for what concerns security; written once, never changed."""

from django.db import models

from zhengshu.kernel.actors import Actor, Role


class AuditEventSet(models.QuerySet["AuditEvent"]):
    """Audit events."""

    def visible_to(self, actor: Actor) -> "AuditEventSet":
        """Keep everything for the audit administrator, for others what they did themselves."""
        if actor.has(Role.AUDIT_ADMIN):
            return self
        return self.filter(actor_id=actor.id) if actor.is_signed_in else self.none()


class AuditEvent(models.Model):
    """What happened, who did it from where, and to what.

    The table is made by SQL in migration 0002, with triggers that refuse to change or remove a row; it is unmanaged
    so that no tool of Django tries to.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    name = models.CharField(max_length=100)
    is_success = models.BooleanField(default=True)
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=100)
    actor_department_id = models.UUIDField(null=True)
    address = models.CharField(max_length=45)
    department_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=120)
    subject_label = models.CharField(max_length=300)
    data = models.JSONField()

    objects = AuditEventSet.as_manager()

    class Meta:
        db_table = "trust_audit_event"
        managed = False
