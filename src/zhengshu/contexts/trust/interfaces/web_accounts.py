"""Pages of accounts: the system administrator's."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.application.listings import (
    ACCOUNT_FILTERS,
    ACCOUNT_SORTS,
    list_accounts,
    visible_account,
)
from zhengshu.contexts.trust.application.manage_account import (
    deactivate_account,
    first_password,
    move_official,
    reactivate_account,
    reset_password,
)
from zhengshu.contexts.trust.domain.kinds import AccountKind
from zhengshu.contexts.trust.interfaces.forms import MoveForm, OfficialForm
from zhengshu.contexts.trust.interfaces.labels import KINDS, ROLES, Text
from zhengshu.contexts.trust.interfaces.pages import chosen, confirm, done, facet, in_words
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.tags import moment
from zhengshu.kernel.actors import Role
from zhengshu.kernel.errors import Kind, Refused


@allow(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
def account_list(request: ActorRequest) -> HttpResponse:
    """List accounts."""
    query = ListQuery.read(request.GET, filters=ACCOUNT_FILTERS, sorts=ACCOUNT_SORTS)
    page = list_accounts(query=query, actor=request.actor, at=timezone.now())
    states = [
        ("active", _("Active")),
        ("inactive", _("Deactivated")),
        ("stale", _("Stale: no sign-in for a long time")),
    ]
    facets = (
        facet("kind", _("Kind"), [(kind.value, label) for kind, label in KINDS.items()]),
        facet("state", _("State"), states),
        facet("role", _("Role"), [(role.value, label) for role, label in ROLES.items()]),
    )
    rows = [(row, KINDS[row.kind], [ROLES[role] for role in row.roles]) for row in page.rows]
    context = {
        "page": page,
        "rows": rows,
        "query": query,
        "facets": facets,
        "may_add": request.actor.has(Role.SYSTEM_ADMIN),
    }
    return render(request, "trust/account_list.html", context)


@allow(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
def account_detail(request: ActorRequest, account_id: UUID) -> HttpResponse:
    """Show an account with what may be done about it."""
    record = visible_account(account_id=account_id, actor=request.actor, at=timezone.now())
    facts = [
        (_("User name"), record.username),
        (_("Kind"), KINDS[record.kind]),
        (_("Department"), record.department_name),
        (_("First password not yet changed"), _("yes") if record.must_change_password else _("no")),
        (_("Last sign-in"), moment(record.last_sign_in_at)),
        (_("Added"), moment(record.created_at)),
    ]
    context = {
        "trail": trail(record.name),
        "account": record,
        "facts": facts,
        "roles": [(role, ROLES[role]) for role in record.roles],
        "is_official": record.kind is AccountKind.OFFICIAL,
        "keeps_accounts": request.actor.has(Role.SYSTEM_ADMIN) and record.id != request.actor.id,
        "keeps_roles": request.actor.has(Role.SECURITY_ADMIN) and record.id != request.actor.id,
    }
    return render(request, "trust/account_detail.html", context)


@allow(Role.SYSTEM_ADMIN)
@never_cache
def account_add(request: ActorRequest) -> HttpResponse:
    """Add an official; the first password is shown once."""
    form = OfficialForm(request.POST or None, initial={"department": request.GET.get("department", "")})
    if request.method == "POST" and form.is_valid():
        entered, password = form.cleaned_data, first_password()
        account_id = done(
            form,
            lambda: api.add_official(
                username=entered["username"],
                name=entered["name"],
                department_id=UUID(entered["department"]),
                password=password,
                citizen_id=entered["citizen_id"] or None,
                actor=request.actor,
                at=timezone.now(),
            ),
        )
        if account_id:
            return _show_password(request, account_id, entered["username"].lower(), password)
    context = {
        "form": form,
        "trail": trail(_("Add an official")),
        "title": _("Add an official"),
        "lead": _("Roles are given afterwards by the security administrator."),
        "cancel_url": reverse("trust:account-list"),
        "action_label": _("Add"),
    }
    return render(request, "trust/form.html", context)


@allow(Role.SYSTEM_ADMIN)
def account_deactivate(request: ActorRequest, account_id: UUID) -> HttpResponse:
    """Deactivate an account."""
    record = visible_account(account_id=account_id, actor=request.actor, at=timezone.now())
    return confirm(
        request,
        lambda: deactivate_account(account_id=account_id, actor=request.actor, at=timezone.now()),
        title=_("Deactivate the account %(name)s?") % {"name": record.username},
        text=_(
            "Its sessions end at once and nobody can sign in with it. What was done with it stays recorded."
        ),
        action_label=_("Deactivate"),
        back=reverse("trust:account-detail", args=[account_id]),
        said=_("The account was deactivated."),
    )


@allow(Role.SYSTEM_ADMIN)
def account_reactivate(request: ActorRequest, account_id: UUID) -> HttpResponse:
    """Reactivate an account."""
    record = visible_account(account_id=account_id, actor=request.actor, at=timezone.now())
    return confirm(
        request,
        lambda: reactivate_account(account_id=account_id, actor=request.actor, at=timezone.now()),
        title=_("Reactivate the account %(name)s?") % {"name": record.username},
        text=_("Its owner can sign in again, with the roles that were not ended."),
        action_label=_("Reactivate"),
        back=reverse("trust:account-detail", args=[account_id]),
        said=_("The account was reactivated."),
        is_dangerous=False,
    )


@allow(Role.SYSTEM_ADMIN)
@never_cache
@sensitive
def account_reset_password(request: ActorRequest, account_id: UUID) -> HttpResponse:
    """Give an account a new first password, shown once."""
    record = visible_account(account_id=account_id, actor=request.actor, at=timezone.now())
    back = reverse("trust:account-detail", args=[account_id])
    if request.method != "POST":
        context = {
            "title": _("Reset the password of %(name)s?") % {"name": record.username},
            "text": _(
                "The account gets a new first password, which is shown to you once and must be changed at the next"
                " sign-in. Its sessions end at once."
            ),
            "action_label": _("Reset the password"),
            "cancel_url": back,
            "is_dangerous": True,
        }
        return render(request, "ui/confirm.html", context)
    try:
        password = reset_password(account_id=account_id, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        if refusal.kind is Kind.NOT_FOUND:
            raise
        messages.error(request, in_words(refusal))
        return redirect(back)
    return _show_password(request, account_id, record.username, password)


@allow(Role.SYSTEM_ADMIN)
def account_move(request: ActorRequest, account_id: UUID) -> HttpResponse:
    """Move an official to another department."""
    record = visible_account(account_id=account_id, actor=request.actor, at=timezone.now())
    back = reverse("trust:account-detail", args=[account_id])
    form = MoveForm(request.POST or None, initial={"department": str(record.department_id or "")})
    if (
        request.method == "POST"
        and form.is_valid()
        and (department_id := chosen(form.cleaned_data["department"]))
    ):

        def move() -> bool:
            move_official(
                account_id=account_id, department_id=department_id, actor=request.actor, at=timezone.now()
            )
            return True

        if done(form, move):
            messages.success(
                request, gettext("The official was moved; the roles in the former department ended.")
            )
            return redirect(back)
    context = {
        "form": form,
        "trail": trail(record.name),
        "title": _("Move %(name)s to another department") % {"name": record.username},
        "lead": _("The roles held in the present department end; the security administrator gives new ones."),
        "cancel_url": back,
        "action_label": _("Move"),
    }
    return render(request, "trust/form.html", context)


def trail(label: Text) -> tuple[tuple[Text, str], ...]:
    """Return the way to a page about one account."""
    return ((_("Accounts"), reverse("trust:account-list")), (label, ""))


def _show_password(request: ActorRequest, account_id: UUID, username: str, password: str) -> HttpResponse:
    context = {
        "trail": trail(username),
        "username": username,
        "password": password,
        "onward_url": reverse("trust:account-detail", args=[account_id]),
    }
    return render(request, "trust/first_password.html", context)
