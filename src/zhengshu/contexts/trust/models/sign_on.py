"""Signing in elsewhere with an account of ours: relying parties, what each may know, codes and kiosks."""

from django.db import models

from zhengshu.contexts.trust.models.people import Account, Department
from zhengshu.contexts.trust.models.security import SessionRecord
from zhengshu.kernel.identity import new_id


class RelyingParty(models.Model):
    """What we keep of a relying party beside the client row of allauth."""

    client = models.OneToOneField(
        "allauth_idp_oidc.Client", on_delete=models.PROTECT, primary_key=True, related_name="party"
    )
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="+")
    backchannel_logout_uri = models.CharField(max_length=500, blank=True)
    least_level = models.PositiveSmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    secret_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_relying_party"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(least_level__range=(1, 3)), name="trust_party_level_known"
            ),
        ]


class Consent(models.Model):
    """What a person lets a relying party know, and the opaque name under which it knows the person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(RelyingParty, on_delete=models.PROTECT, related_name="consents")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="consents")
    subject = models.CharField(max_length=40, unique=True)
    scopes = models.JSONField(default=list)
    given_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_consent"
        constraints = [
            models.UniqueConstraint(fields=["party", "account"], name="trust_consent_once"),
        ]


class SignInCode(models.Model):
    """An authorization code: known by its digest, used once by whom it was given to."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    party = models.ForeignKey(RelyingParty, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(SessionRecord, on_delete=models.CASCADE, related_name="+")
    facts = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_sign_in_code"


class DeviceRequest(models.Model):
    """A kiosk that waits for somebody to let it in; both codes are known by their digests."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device_digest = models.BinaryField(max_length=32, unique=True)
    user_digest = models.BinaryField(max_length=32, unique=True)
    party = models.ForeignKey(RelyingParty, on_delete=models.CASCADE, related_name="+")
    scopes = models.JSONField(default=list)
    address = models.CharField(max_length=45)
    expires_at = models.DateTimeField(db_index=True)
    polled_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(SessionRecord, null=True, on_delete=models.CASCADE, related_name="+")
    facts = models.JSONField(default=dict)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_device_request"


class PartySession(models.Model):
    """That a relying party was told of a session, and so must be told of its end."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(RelyingParty, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(SessionRecord, on_delete=models.CASCADE, related_name="party_sessions")
    subject = models.CharField(max_length=40)
    signed_in_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "trust_party_session"
        constraints = [
            models.UniqueConstraint(fields=["party", "session"], name="trust_party_session_once"),
        ]
        indexes = [
            models.Index(
                fields=["ended_at"],
                condition=models.Q(ended_at__isnull=False, told_at__isnull=True),
                name="trust_party_sessions_to_tell",
            )
        ]


class SigningKey(models.Model):
    """A key that signs ID tokens; sealed, published before it is used and for a while after."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sealed_pem = models.BinaryField()
    issued_at = models.DateTimeField(unique=True)
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_signing_key"
