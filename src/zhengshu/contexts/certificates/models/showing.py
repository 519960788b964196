"""Presentations of certificates, and every use of them."""

from django.db import models

from zhengshu.contexts.certificates.models.certificates import Certificate
from zhengshu.kernel.identity import new_id


class UseKind(models.TextChoices):
    """What somebody did with a certificate."""

    SHOWN = "shown"
    """Its holder showed it, and somebody looked."""
    SUPPLIED = "supplied"
    """Its values went into an application instead of a paper."""
    CHECKED = "checked"
    """A rule asked whether it is valid."""
    VERIFIED = "verified"
    """Somebody checked it by its identifier."""
    TAKEN = "taken"
    """A file of it was downloaded."""


class Presentation(models.Model):
    """A code that shows a certificate for a minute, once.

    Attributes:
        token_digest: SHA-256 of the code; the code itself is not kept.
        refused: how often somebody tried it after it was used.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    certificate = models.ForeignKey(Certificate, on_delete=models.CASCADE, related_name="presentations")
    token_digest = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by_name = models.CharField(max_length=100, blank=True)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "certificates_presentation"

    def __str__(self) -> str:
        return str(self.certificate_id)


class FailedTries(models.Model):
    """How often codes and identifiers were tried in vain within a minute, from one address or by one account.

    Attributes:
        digest: the blind index of the address or of the account's id.
    """

    id = models.BigAutoField(primary_key=True)
    digest = models.BinaryField()
    minute = models.DateTimeField()
    number = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "certificates_failed_tries"
        constraints = [
            models.UniqueConstraint(fields=["digest", "minute"], name="certificates_tries_once_a_minute"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class CertificateUse(models.Model):
    """One use of a certificate: by whom, for what; written once, triggers refuse a change.

    Attributes:
        who: a department, an enterprise's or a system's name; empty for a stranger.
        fields: the codes of what was seen of it; empty where only yes or no was answered.
    """

    id = models.BigAutoField(primary_key=True)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="uses")
    kind = models.CharField(max_length=10, choices=UseKind.choices)
    at = models.DateTimeField()
    who = models.CharField(max_length=200, blank=True)
    department_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=200, blank=True)
    fields = models.JSONField(default=list)

    class Meta:
        db_table = "certificates_use"
        indexes = [models.Index(fields=["certificate", "-at"], name="certificates_uses")]

    def __str__(self) -> str:
        return self.kind
