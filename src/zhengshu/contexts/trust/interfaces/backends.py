"""Loads the account of a session, with all that a request has to know about it, in one query."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject

from zhengshu.contexts.trust.application.queries import active_mandates, active_roles
from zhengshu.contexts.trust.models import Account, SecurityPolicy


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """allauth's backend, loading roles and the sign-in limits along with the account."""

    def get_user(self, user_id: str) -> Account | None:
        """Return the active account of a session, or None."""
        limits = SecurityPolicy.objects.values(
            limits=JSONObject(
                idle_minutes="idle_minutes",
                session_hours="session_hours",
                second_factor="second_factor",
                step_up_minutes="step_up_minutes",
            )
        )
        factors = Authenticator.objects.filter(user_id=OuterRef("pk")).exclude(
            type=Authenticator.Type.RECOVERY_CODES
        )
        return (
            Account.objects.filter(pk=user_id, is_active=True)
            .select_related("department")
            .annotate(
                role_codes=active_roles(),
                mandate_rows=active_mandates(),
                limits=Subquery(limits[:1]),
                has_second_factor=Exists(factors),
            )
            .first()
        )

    @classmethod
    def _stash_user(cls, _user: Account | None) -> None:
        """Keep nobody: a deactivated account answers like a wrong password, or names could be found out."""
        return
