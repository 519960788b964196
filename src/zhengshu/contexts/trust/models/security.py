"""What guards the sign-in: the policy, former passwords, failures, sessions."""

from django.db import models

from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.models.people import Account
from zhengshu.kernel.identity import new_id


class SecurityPolicy(models.Model):
    """The one row of limits that the security administrator sets; the floors are the database's."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    password_min_length = models.PositiveSmallIntegerField(default=8)
    password_min_classes = models.PositiveSmallIntegerField(default=3)
    password_history = models.PositiveSmallIntegerField(default=5)
    password_age_days = models.PositiveSmallIntegerField(default=90)
    lock_after_failures = models.PositiveSmallIntegerField(default=5)
    lock_minutes = models.PositiveSmallIntegerField(default=30)
    idle_minutes = models.PositiveSmallIntegerField(default=15)
    session_hours = models.PositiveSmallIntegerField(default=12)
    sessions_at_once = models.PositiveSmallIntegerField(default=3)
    stale_after_days = models.PositiveSmallIntegerField(default=90)
    second_factor = models.CharField(
        max_length=16,
        choices=[(rule.value, rule.value) for rule in SecondFactorRule],
        default=SecondFactorRule.ADMINISTRATORS.value,
    )
    step_up_minutes = models.PositiveSmallIntegerField(default=15)
    key_max_days = models.PositiveSmallIntegerField(default=365)
    key_overlap_max_hours = models.PositiveSmallIntegerField(default=168)
    witness_quorum = models.PositiveSmallIntegerField(default=0)
    witness_minutes = models.PositiveSmallIntegerField(default=10)
    encrypt_from_grade = models.PositiveSmallIntegerField(default=6)
    updated_at = models.DateTimeField(null=True, blank=True)
    updated_by = models.UUIDField(null=True, blank=True)

    class Meta:
        db_table = "trust_security_policy"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="trust_security_policy_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(
                    password_min_length__range=(8, 64),
                    password_min_classes__range=(3, 4),
                    password_history__range=(5, 24),
                    password_age_days__range=(1, 365),
                ),
                name="trust_password_floor",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    lock_after_failures__range=(1, 10),
                    lock_minutes__range=(5, 1440),
                    idle_minutes__range=(1, 60),
                    session_hours__range=(1, 24),
                    sessions_at_once__range=(1, 20),
                    stale_after_days__range=(1, 365),
                    step_up_minutes__range=(1, 60),
                ),
                name="trust_sign_in_floor",
            ),
            models.CheckConstraint(
                condition=models.Q(witness_quorum__range=(0, 20), witness_minutes__range=(1, 1440)),
                name="trust_witness_range",
            ),
            models.CheckConstraint(
                condition=models.Q(encrypt_from_grade__range=(1, 6)), name="trust_encrypt_range"
            ),
        ]


class PasswordRecord(models.Model):
    """The hash of a password once used, so that it is not used again."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "trust_password_record"
        indexes = [models.Index(fields=["account", "-id"], name="trust_password_latest")]


class SignInGuard(models.Model):
    """Failures of one user name in a row, known or not: an unknown name locks like a known one.

    The name is kept as a digest, because people type passwords into the wrong field.
    """

    name_digest = models.BinaryField(primary_key=True, max_length=32)
    failures = models.PositiveSmallIntegerField(default=0)
    last_failed_at = models.DateTimeField(null=True, blank=True)
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "trust_sign_in_guard"
        indexes = [models.Index(fields=["locked_until"], name="trust_guard_locked")]


class SessionRecord(models.Model):
    """A sign-in that has not ended, or did."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="session_records")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "trust_session_record"
        indexes = [models.Index(fields=["account", "ended_at", "-seen_at"], name="trust_sessions_of_account")]
