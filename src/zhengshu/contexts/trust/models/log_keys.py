"""The keys that sign the proof log's checkpoints, once there are others than the first."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class LogKey(models.Model):
    """The Ed25519 and SM2 keys of one number; there is no row before the first rotation.

    Attributes:
        version: their number; the first are derived from the master key and have nothing sealed.
        vkeys: the verifier keys, as strangers are given them.
        sealed: both private keys, sealed; deleted once they sign no more.
        event_id: the audit event whose entry announces them; empty for the first.
        signs_from: the size of the first checkpoint that they may sign; empty until the announcement is published.
        retired_at: when they were told to sign no more.
        signs_to: the size of the last checkpoint that they have signed; empty while they sign.
    """

    version = models.PositiveIntegerField(primary_key=True)
    vkeys = ArrayField(models.CharField(max_length=400))
    sealed = models.BinaryField(null=True)
    event_id = models.BigIntegerField(null=True)
    announced_at = models.DateTimeField()
    announced_by = models.CharField(max_length=100)
    signs_from = models.BigIntegerField(null=True)
    retired_at = models.DateTimeField(null=True)
    signs_to = models.BigIntegerField(null=True)

    class Meta:
        db_table = "trust_log_key"
        ordering = ["version"]

    def __str__(self) -> str:
        return str(self.version)

    @property
    def signs(self) -> bool:
        """Whether checkpoints are signed by them now."""
        return self.signs_from is not None and self.signs_to is None
