"""The forms that ask for a second factor; attempts are counted like those at passwords."""

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.trust.application.guard_sign_in import Step, clear_attempts, fail_attempt
from zhengshu.contexts.trust.interfaces.adapters import begin
from zhengshu.contexts.trust.interfaces.middleware import address_of
from zhengshu.contexts.trust.models import Account
from zhengshu.kernel.actors import Actor


class _Guarded(forms.Form):
    user: Account

    def clean_code(self) -> str:
        """Count the attempt before the code is looked at."""
        begin(self.user.username, Step.SECOND_FACTOR)
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # the form of allauth beside us has it
        except ValidationError:
            from allauth.core import context

            fail_attempt(
                username=self.user.username,
                step=Step.SECOND_FACTOR,
                visitor=Actor.anonymous(address=address_of(context.request)),
                at=timezone.now(),
            )
            raise
        clear_attempts(username=self.user.username, step=Step.SECOND_FACTOR)
        return code


class GuardedAuthenticateForm(_Guarded, AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The second step of a sign-in."""


class GuardedReauthenticateForm(_Guarded, ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The second look before something sensitive."""


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """A new passkey or security key."""

    name = forms.CharField(
        label=_("Name of the key"), required=False, help_text=_("So that you know it again among several.")
    )


class EditKeyForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """Another name for a key."""

    name = forms.CharField(label=_("Name of the key"))
