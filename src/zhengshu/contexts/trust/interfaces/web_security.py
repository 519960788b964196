"""Pages of the security administrator: roles, unlocking, second factors, the policy."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.trust.application.assign_role import assign_role, end_role
from zhengshu.contexts.trust.application.change_policy import change_policy, policy_values
from zhengshu.contexts.trust.application.guard_sign_in import unlock_account
from zhengshu.contexts.trust.application.keep_sessions import end_account_sessions
from zhengshu.contexts.trust.application.listings import visible_account
from zhengshu.contexts.trust.application.manage_account import remove_second_factors
from zhengshu.contexts.trust.application.queries import AccountNotFound
from zhengshu.contexts.trust.domain.duties import ROLE_OF_KIND
from zhengshu.contexts.trust.interfaces.forms import PolicyForm, RoleForm
from zhengshu.contexts.trust.interfaces.labels import ROLES
from zhengshu.contexts.trust.interfaces.pages import confirm, done
from zhengshu.contexts.trust.interfaces.web_accounts import trail
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive
from zhengshu.kernel.actors import ADMINISTRATORS, Role


@allow(Role.SECURITY_ADMIN)
@sensitive
def role_assign(request: ActorRequest, account_id: UUID) -> HttpResponse:
    """Give a role to an account."""
    record = visible_account(account_id=account_id, actor=request.actor, at=timezone.now())
    offered = tuple(role for role in Role if role in ROLE_OF_KIND[record.kind] and role not in record.roles)
    form = RoleForm(request.POST or None, offered=offered)
    back = reverse("trust:account-detail", args=[account_id])
    if request.method == "POST" and form.is_valid():
        role = Role(form.cleaned_data["role"])

        def assign() -> bool:
            assign_role(account_id=account_id, role=role, actor=request.actor, at=timezone.now())
            return True

        if done(form, assign):
            messages.success(request, gettext("The role was assigned; it counts from the next page on."))
            return redirect(back)
    context = {
        "form": form,
        "account": record,
        "trail": trail(record.name),
        "held": [ROLES[role] for role in record.roles],
        "administrators": [ROLES[role] for role in sorted(ADMINISTRATORS)],
        "cancel_url": back,
    }
    return render(request, "trust/role_assign.html", context)


@allow(Role.SECURITY_ADMIN)
@sensitive
def role_end(request: ActorRequest, account_id: UUID, role: str) -> HttpResponse:
    """Take a role from an account."""
    record = visible_account(account_id=account_id, actor=request.actor, at=timezone.now())
    known = next((one for one in Role if one.value == role), None)
    if known is None:
        raise AccountNotFound
    return confirm(
        request,
        lambda: end_role(account_id=account_id, role=known, actor=request.actor, at=timezone.now()),
        title=_("Take the role %(role)s from %(name)s?") % {"role": ROLES[known], "name": record.username},
        text=_("It ends at once. To-dos that nobody else in the department can do will wait."),
        action_label=_("Take the role away"),
        back=reverse("trust:account-detail", args=[account_id]),
        said=_("The role was taken away."),
    )


@allow(Role.SECURITY_ADMIN)
def account_unlock(request: ActorRequest, account_id: UUID) -> HttpResponse:
    """Unlock an account."""
    record = visible_account(account_id=account_id, actor=request.actor, at=timezone.now())
    return confirm(
        request,
        lambda: unlock_account(account_id=account_id, actor=request.actor, at=timezone.now()),
        title=_("Unlock %(name)s?") % {"name": record.username},
        text=_("Make sure first that it was the owner who failed to sign in. The audit shows from where."),
        action_label=_("Unlock"),
        back=reverse("trust:account-detail", args=[account_id]),
        said=_("The account was unlocked."),
        is_dangerous=False,
    )


@allow(Role.SECURITY_ADMIN)
def account_end_sessions(request: ActorRequest, account_id: UUID) -> HttpResponse:
    """Sign somebody out everywhere."""
    record = visible_account(account_id=account_id, actor=request.actor, at=timezone.now())
    return confirm(
        request,
        lambda: end_account_sessions(account_id=account_id, actor=request.actor, at=timezone.now()),
        title=_("Sign %(name)s out everywhere?") % {"name": record.username},
        text=_("For a lost device, or one in strange hands. The person can sign in again."),
        action_label=_("Sign out everywhere"),
        back=reverse("trust:account-detail", args=[account_id]),
        said=_("All sessions of the account were ended."),
    )


@allow(Role.SECURITY_ADMIN)
@sensitive
def account_remove_factors(request: ActorRequest, account_id: UUID) -> HttpResponse:
    """Remove the second factors of somebody who lost them."""
    record = visible_account(account_id=account_id, actor=request.actor, at=timezone.now())
    return confirm(
        request,
        lambda: remove_second_factors(account_id=account_id, actor=request.actor, at=timezone.now()),
        title=_("Remove the second factors of %(name)s?") % {"name": record.username},
        text=_(
            "Do this only for a person whom you have identified. Passkeys, one-time codes and recovery codes are"
            " deleted, and the sessions end."
        ),
        action_label=_("Remove"),
        back=reverse("trust:account-detail", args=[account_id]),
        said=_("The second factors were removed."),
    )


@allow(Role.SECURITY_ADMIN)
@sensitive
def policy_page(request: ActorRequest) -> HttpResponse:
    """Show and change the security policy."""
    form = PolicyForm(request.POST or None, values=policy_values())
    if request.method == "POST" and form.is_valid():

        def change() -> bool:
            change_policy(values=form.values(), actor=request.actor, at=timezone.now())
            return True

        if done(form, change):
            messages.success(request, gettext("The policy is in force."))
            return redirect("trust:policy")
    context = {
        "form": form,
        "title": _("Security policy"),
        "lead": _(
            "What assessors of graded protection, level 3, ask for is the default; weaker values are refused."
        ),
        "cancel_url": "/",
        "action_label": _("Put in force"),
    }
    return render(request, "trust/form.html", context)
