"""How allauth asks us: attempts are counted and audited, passwords keep the policy, TOTP secrets are sealed."""

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from zhengshu.contexts.trust.application.guard_sign_in import (
    Step,
    begin_attempt,
    clear_attempts,
    fail_attempt,
)
from zhengshu.contexts.trust.application.manage_account import change_own_password
from zhengshu.contexts.trust.application.passwords import password_faults
from zhengshu.contexts.trust.application.second_factors import decrypted, encrypted
from zhengshu.contexts.trust.domain.lockouts import SignInLocked
from zhengshu.contexts.trust.interfaces.labels import fault_text
from zhengshu.contexts.trust.interfaces.middleware import actor_behind, address_of
from zhengshu.contexts.trust.models import Account
from zhengshu.foundation.http.problems import sentence
from zhengshu.kernel.actors import Actor


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Accounts without e-mail and without public sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Officials, citizens and delegates are registered; nobody signs up here."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:  # noqa: ARG002 - allauth's signature
        """Count the attempt, and refuse it where the name is locked."""
        begin(credentials.get("username", ""), Step.PASSWORD)

    def authenticate(self, request: HttpRequest, **credentials: str) -> Account | None:
        """Check a password; a success forgets the failures before it."""
        account = super().authenticate(request, **credentials)
        if not isinstance(account, Account):
            return None
        clear_attempts(username=account.username, step=Step.PASSWORD)
        return account

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        """Put the failure into the audit."""
        fail_attempt(
            username=credentials.get("username", ""),
            step=Step.PASSWORD,
            visitor=Actor.anonymous(address=address_of(request)),
            at=timezone.now(),
        )

    def clean_password(self, password: str, user: Account | None = None) -> str:
        """Check a new password against the policy."""
        if user is not None and (found := password_faults(user, password)):
            raise ValidationError([fault_text(fault) for fault in found])
        return password

    def set_password(self, user: Account, password: str) -> None:
        """Change one's own password as the use case does, and let this session live on."""
        change_own_password(
            account_id=user.id,
            password=password,
            session_key=self.request.session.session_key or "",
            actor=actor_behind(self.request),
            at=timezone.now(),
        )
        user.refresh_from_db(fields=["password", "must_change_password", "password_changed_at"])

    def is_reauthentication_required(self, *, app: str, **more: object) -> bool:
        """Ask again who sits there, unless this very session signed in just now."""
        if not super().is_reauthentication_required(app=app, **more):
            return False
        signed_in = get_authentication_records(self.request, self.request.user)
        return not signed_in or time.time() - signed_in[-1]["at"] >= app_settings.REAUTHENTICATION_TIMEOUT

    def send_notification_mail(self, *_args: object, **_kwargs: object) -> None:
        """Send nothing: accounts have no e-mail address; the audit and the session list tell."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Second factors, their secrets in the vault."""

    def encrypt(self, text: str) -> str:
        """Encrypt a TOTP secret or the seed of recovery codes of whoever sets them up."""
        department_id = getattr(getattr(self.request, "user", None), "department_id", None)
        return encrypted(text, department_id=department_id)

    def decrypt(self, encrypted_text: str) -> str:
        """Open it."""
        return decrypted(encrypted_text)

    def send_notification_mail(self, *_args: object, **_kwargs: object) -> None:
        """Send nothing, as above."""


def begin(username: str, step: Step) -> None:
    """Count an attempt.

    Raises:
        ValidationError: the name is locked; the sentence says for how long.
    """
    try:
        begin_attempt(username=username, step=step, at=timezone.now())
    except SignInLocked as refusal:
        raise ValidationError(sentence(refusal), code="locked") from refusal
