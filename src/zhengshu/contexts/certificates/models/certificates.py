"""Certificates in their versions, and who may read them as their own."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from zhengshu.contexts.certificates.domain.states import Ending
from zhengshu.contexts.certificates.domain.types import HolderKind
from zhengshu.contexts.certificates.models.readers import digests_of
from zhengshu.contexts.certificates.models.types import CertificateTypeVersion
from zhengshu.foundation.vault.columns import encrypted_json, encrypted_text
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

OFFICE_ROLES = (Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.WINDOW_CLERK, Role.APPROVER)
"""Officials of the issuing department who see what it issued."""


class CertificateSet(models.QuerySet["Certificate"]):
    """Certificates as an actor may see them."""

    def visible_to(self, actor: Actor) -> "CertificateSet":
        """Keep the actor's own, those he keeps for others, his enterprises', and what his department issued."""
        if actor.is_platform:
            return self
        if not actor.is_signed_in:
            return self.none()
        if actor.department_id is not None:
            return self.issued_by(actor)
        return self.own_of(actor)

    def issued_by(self, actor: Actor) -> "CertificateSet":
        """Keep what the actor's department issued, for those who work there with certificates."""
        if actor.department_id is None or not actor.has(*OFFICE_ROLES):
            return self.none()
        return self.filter(department_id=actor.department_id)

    def own_of(self, actor: Actor) -> "CertificateSet":
        """Keep what the actor holds or keeps, as himself and as the delegate of enterprises."""
        digests = digests_of(actor)
        if not digests:
            return self.none()
        return self.filter(
            Exists(CertificateReader.objects.filter(certificate=OuterRef("pk"), digest__in=digests))
        )


class Certificate(models.Model):
    """One version of one certificate. What it says never changes; that it ended is added.

    Attributes:
        number: its identifier by GB/T 36904, with the check character.
        serial, edition: parts of it; versions of one certificate share the serial.
        holder_digest: the blind index of the holder's number; None for a newborn.
        values_digest: the blind index of what it says, to tell a repeated command from another one.
        readers: see `CertificateReader`.
        predecessor: the version in whose place it stands.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(CertificateTypeVersion, on_delete=models.PROTECT, related_name="certificates")
    type_code = models.CharField(max_length=40)
    number = models.CharField(max_length=120, unique=True)
    serial = models.CharField(max_length=32)
    edition = models.PositiveSmallIntegerField(default=1)
    holder_kind = models.CharField(max_length=12, choices=[(one.value, one.value) for one in HolderKind])
    holder_digest = models.BinaryField(null=True)
    sealed_holder_name = models.BinaryField(null=True)
    sealed_holder_number = models.BinaryField(null=True)
    sealed_values = models.BinaryField(null=True)
    values_digest = models.BinaryField()
    case_id = models.UUIDField(null=True)
    department_id = models.UUIDField()
    office_name = models.CharField(max_length=200)
    active_from = models.DateTimeField()
    active_to = models.DateTimeField(null=True)
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField()
    issued_by_name = models.CharField(max_length=100)
    predecessor = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="successor")
    ending = models.CharField(max_length=2, blank=True, choices=[(one.value, one.name) for one in Ending])
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=100, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)

    holder_name = encrypted_text("sealed_holder_name", department="department_id")
    holder_number = encrypted_text("sealed_holder_number", department="department_id")
    values = encrypted_json("sealed_values", dict[str, str], empty=dict, department="department_id")

    objects = CertificateSet.as_manager()

    class Meta:
        db_table = "certificates_certificate"
        indexes = [
            models.Index(fields=["department_id", "-issued_at"], name="certificates_of_department"),
            models.Index(fields=["holder_digest", "type_code"], name="certificates_of_holder"),
            models.Index(fields=["serial"], name="certificates_serial"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "type_code"],
                condition=Q(case_id__isnull=False),
                name="certificates_once_a_case",
            ),
            models.UniqueConstraint(fields=["type_code", "serial", "edition"], name="certificates_edition"),
            models.CheckConstraint(
                condition=Q(ending="", ended_at=None) | (~Q(ending="") & Q(ended_at__isnull=False)),
                name="certificates_ended_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(active_to=None) | Q(active_to__gt=models.F("active_from")),
                name="certificates_period",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CertificateReader(models.Model):
    """A person or an enterprise whose own a certificate is, or who keeps it for a child: by a blind index."""

    id = models.BigAutoField(primary_key=True)
    certificate = models.ForeignKey(Certificate, on_delete=models.CASCADE, related_name="readers")
    digest = models.BinaryField()
    is_holder = models.BooleanField()

    class Meta:
        db_table = "certificates_reader"
        constraints = [
            models.UniqueConstraint(fields=["digest", "certificate"], name="certificates_reader_once"),
        ]

    def __str__(self) -> str:
        return str(self.certificate_id)
