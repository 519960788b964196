"""Versions of types, stored once and never changed; and who may issue which type."""

from functools import lru_cache

from django.db import models

from zhengshu.contexts.certificates.domain.types import CertificateType, read_type
from zhengshu.kernel.identity import new_id


class CertificateTypeVersion(models.Model):
    """One version of a type, named by the digest of its files; only `is_current` moves.

    Attributes:
        definition: the text of its `type.yaml`.
        template: the text of its `template.typ`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40)
    edition = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    definition = models.TextField()
    template = models.TextField()
    loaded_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        db_table = "certificates_type_version"
        constraints = [
            models.UniqueConstraint(fields=["code", "digest"], name="certificates_version_once"),
            models.UniqueConstraint(fields=["code", "edition"], name="certificates_edition_once"),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(is_current=True), name="certificates_one_current_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.edition}"

    def read(self) -> CertificateType:
        """Return what the version says."""
        return _read(self.definition, self.code)


@lru_cache(maxsize=256)
def _read(definition: str, code: str) -> CertificateType:
    """Read a definition once a process: lists show many certificates of few types."""
    return read_type(definition, folder=code)


class CertificateIssuer(models.Model):
    """A department that may issue a type, from one instant to another; its seal is allowed in `trust`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    type_code = models.CharField(max_length=40)
    department_id = models.UUIDField()
    active_from = models.DateTimeField()
    active_to = models.DateTimeField(null=True)
    named_by_name = models.CharField(max_length=100)

    class Meta:
        db_table = "certificates_issuer"
        constraints = [
            models.UniqueConstraint(
                fields=["type_code", "department_id"],
                condition=models.Q(active_to=None),
                name="certificates_issuer_once",
            ),
        ]

    def __str__(self) -> str:
        return self.type_code
