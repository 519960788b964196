"""Pages of departments."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.application.listings import (
    DEPARTMENT_FILTERS,
    DEPARTMENT_SORTS,
    department_tree,
    list_departments,
    list_systems,
    visible_department,
)
from zhengshu.contexts.trust.domain.kinds import Level
from zhengshu.contexts.trust.interfaces.forms import DepartmentForm, NewDepartmentForm
from zhengshu.contexts.trust.interfaces.labels import LEVELS, ROLES, Text
from zhengshu.contexts.trust.interfaces.pages import chosen, confirm, done, facet
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, signed_in
from zhengshu.foundation.lists import MOST_ROWS_PER_PAGE, ListQuery
from zhengshu.kernel.actors import Role


@signed_in
def department_list(request: ActorRequest) -> HttpResponse:
    """List departments."""
    query = ListQuery.read(request.GET, filters=DEPARTMENT_FILTERS, sorts=DEPARTMENT_SORTS)
    page = list_departments(query=query, actor=request.actor)
    facets = (
        facet("level", _("Level"), [(level.value, label) for level, label in LEVELS.items()]),
        facet("state", _("State"), [("closed", _("Closed"))]),
        facet("authority", _("Role of the department"), [("yes", _("Data authority"))]),
    )
    rows = [(row, LEVELS[row.department.level]) for row in page.rows]
    context = {
        "page": page,
        "rows": rows,
        "query": query,
        "facets": facets,
        "may_change": _may_change(request),
    }
    return render(request, "trust/department_list.html", context)


@signed_in
def department_tree_page(request: ActorRequest) -> HttpResponse:
    """Show departments as a tree."""
    context = {"tree": department_tree(actor=request.actor), "may_change": _may_change(request)}
    return render(request, "trust/department_tree.html", context)


@signed_in
def department_detail(request: ActorRequest, department_id: UUID) -> HttpResponse:
    """Show a department with its officials and systems."""
    record = visible_department(department_id=department_id, actor=request.actor)
    parent = api.department(department_id=record.parent_id) if record.parent_id else None
    officials = [
        (one, [ROLES[role] for role in sorted(one.roles)])
        for one in api.officials(department_id=department_id)
    ]
    query = ListQuery(filters={"department": (str(department_id),)}, size=MOST_ROWS_PER_PAGE)
    systems = list_systems(query=query, actor=request.actor, at=timezone.now())
    facts = [
        (_("Unified social credit code"), record.code),
        (_("Short name"), record.short_name),
        (_("Region code"), record.region),
        (_("Level"), LEVELS[record.level]),
        (_("Superior department"), parent.name if parent else ""),
        (_("Data authority of the region"), _("yes") if record.is_data_authority else _("no")),
    ]
    context = {
        "trail": _trail(record.name),
        "department": record,
        "facts": facts,
        "officials": officials,
        "systems": systems.rows,
        "may_change": _may_change(request),
        "may_see_systems": request.actor.department_id == department_id
        or request.actor.has(Role.REVIEWER, Role.SECURITY_ADMIN),
    }
    return render(request, "trust/department_detail.html", context)


@allow(Role.SYSTEM_ADMIN)
def department_add(request: ActorRequest) -> HttpResponse:
    """Add a department."""
    form = NewDepartmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        record = done(
            form,
            lambda: api.add_department(
                code=entered["code"],
                name=entered["name"],
                short_name=entered["short_name"],
                region=entered["region"],
                level=Level(entered["level"]),
                parent_id=chosen(entered["parent"]),
                is_data_authority=entered["is_data_authority"],
                actor=request.actor,
                at=timezone.now(),
            ),
        )
        if record:
            messages.success(request, gettext("The department was added."))
            return redirect("trust:department-detail", record.id)
    return render(
        request, "trust/form.html", _form_page(form, _("Add a department"), reverse("trust:department-list"))
    )


@allow(Role.SYSTEM_ADMIN)
def department_change(request: ActorRequest, department_id: UUID) -> HttpResponse:
    """Change a department."""
    record = visible_department(department_id=department_id, actor=request.actor)
    present = {
        "name": record.name,
        "short_name": record.short_name,
        "region": record.region,
        "level": record.level.value,
        "parent": str(record.parent_id or ""),
        "is_data_authority": record.is_data_authority,
    }
    form = DepartmentForm(request.POST or None, initial=present)
    back = reverse("trust:department-detail", args=[department_id])
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        changed = done(
            form,
            lambda: api.change_department(
                department_id=department_id,
                name=entered["name"],
                short_name=entered["short_name"],
                region=entered["region"],
                level=Level(entered["level"]),
                parent_id=chosen(entered["parent"]),
                is_data_authority=entered["is_data_authority"],
                actor=request.actor,
                at=timezone.now(),
            ),
        )
        if changed:
            messages.success(request, gettext("The department was changed."))
            return redirect(back)
    return render(request, "trust/form.html", _form_page(form, _("Change the department"), back))


@allow(Role.SYSTEM_ADMIN)
def department_close(request: ActorRequest, department_id: UUID) -> HttpResponse:
    """Close a department."""
    record = visible_department(department_id=department_id, actor=request.actor)
    return confirm(
        request,
        lambda: api.close_department(department_id=department_id, actor=request.actor, at=timezone.now()),
        title=_("Close %(name)s?") % {"name": record.name},
        text=_(
            "It stays in records, but nobody can be added to it, and the keys of its systems stop working at once."
        ),
        action_label=_("Close the department"),
        back=reverse("trust:department-detail", args=[department_id]),
        said=_("The department was closed."),
    )


def _may_change(request: ActorRequest) -> bool:
    return request.actor.has(Role.SYSTEM_ADMIN)


def _form_page(form: DepartmentForm, title: Text, back: str) -> dict[str, object]:
    return {
        "trail": _trail(title),
        "form": form,
        "title": title,
        "cancel_url": back,
        "action_label": _("Save"),
    }


def _trail(label: Text) -> tuple[tuple[Text, str], ...]:
    return ((_("Departments"), reverse("trust:department-list")), (label, ""))
