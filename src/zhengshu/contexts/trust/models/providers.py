"""Signing in from elsewhere: other providers, and whose identity there is whose account here."""

from django.db import models

from zhengshu.contexts.trust.models.people import Account
from zhengshu.contexts.trust.models.security import SessionRecord
from zhengshu.kernel.identity import new_id


class IdentityProvider(models.Model):
    """Another provider whose word on who somebody is we take, such as the province's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60)
    issuer = models.CharField(max_length=500)
    client_id = models.CharField(max_length=200)
    sealed_secret = models.BinaryField(null=True)
    strong_acrs = models.CharField(max_length=500, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    metadata = models.JSONField(default=dict)
    metadata_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_identity_provider"
        constraints = [
            models.UniqueConstraint(
                fields=["issuer"], condition=models.Q(is_active=True), name="trust_provider_once"
            ),
        ]


class LinkedIdentity(models.Model):
    """That an identity elsewhere is an account here; made by the account's owner, never by a like address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.ForeignKey(IdentityProvider, on_delete=models.PROTECT, related_name="links")
    subject = models.CharField(max_length=255)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="links")
    linked_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_linked_identity"
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="trust_link_of_one_identity"),
            models.UniqueConstraint(fields=["provider", "account"], name="trust_link_of_one_account"),
        ]


class ProviderSession(models.Model):
    """A session here that was opened by a session elsewhere, and ends with it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(SessionRecord, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=255)
    sid = models.CharField(max_length=255, blank=True)

    class Meta:
        db_table = "trust_provider_session"
        indexes = [models.Index(fields=["provider", "subject"], name="trust_provider_sessions_of")]


class HeardNotice(models.Model):
    """A logout token that was obeyed, so that it is not obeyed again."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    heard_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "trust_heard_notice"
