"""Loads the account of a session, with all that a request has to know about it, in one query."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject, Now

from zhengshu.contexts.trust.models import Account, RoleAssignment, SecurityPolicy


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """allauth's backend, loading roles and the sign-in limits along with the account."""

    def get_user(self, user_id: str) -> Account | None:
        """Return the active account of a session, or None."""
        roles = (
            RoleAssignment.objects.filter(account_id=OuterRef("pk"), active_from__lte=Now())
            .filter(Q(active_to__isnull=True) | Q(active_to__gt=Now()))
            .values("role")
        )
        limits = SecurityPolicy.objects.values(
            limits=JSONObject(
                idle_minutes="idle_minutes",
                session_hours="session_hours",
                second_factor="second_factor",
                password_age_days="password_age_days",  # noqa: S106 - a column's name
            )
        )
        return (
            Account.objects.filter(pk=user_id, is_active=True)
            .annotate(role_codes=ArraySubquery(roles), limits=Subquery(limits[:1]))
            .first()
        )
