"""What the pages of `trust` share."""

from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from zhengshu.contexts.trust.application.queries import departments
from zhengshu.contexts.trust.interfaces.labels import POLICY, ROLES, Text
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.kernel.errors import Kind, Refused

T = TypeVar("T")


def done(form: forms.Form, act: Callable[[], T]) -> T | None:
    """Run a use case; a refusal that the person can act on goes into the form, and None is returned."""
    try:
        return act()
    except Refused as refusal:
        if refusal.kind in {Kind.NOT_FOUND, Kind.UNAVAILABLE}:
            raise
        form.add_error(None, in_words(refusal))
        return None


def confirm(
    request: ActorRequest,
    act: Callable[[], object],
    *,
    title: Text,
    text: Text,
    action_label: Text,
    back: str,
    said: Text,
    is_dangerous: bool = True,
    form: forms.Form | None = None,
) -> HttpResponse:
    """Ask on GET; do it on POST and lead back. A form stands in the page: to what something is switched, say."""
    if request.method != "POST":
        return render(
            request,
            "ui/confirm.html",
            {
                "title": title,
                "text": text,
                "action_label": action_label,
                "cancel_url": back,
                "is_dangerous": is_dangerous,
                "form": form,
            },
        )
    try:
        act()
    except Refused as refusal:
        if refusal.kind is Kind.NOT_FOUND:
            raise
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, str(said))
    return redirect(back)


def in_words(refusal: Refused) -> str:
    """Return a refusal in the reader's language, with roles and settings by their names instead of their codes."""
    known: dict[str, Text] = {role.value: label for role, label in ROLES.items()}
    known |= {field: label for field, (label, _) in POLICY.items()}
    data = {
        name: ", ".join(str(known.get(code, code)) for code in str(value).split(", "))
        for name, value in refusal.data.items()
    }
    return gettext(refusal.message) % data if data else sentence(refusal)


def facet(name: str, label: Text, options: Iterable[tuple[str, Text]], *, is_single: bool = True) -> Facet:
    """Return a filter of a list."""
    return Facet(
        name=name,
        label=str(label),
        options=tuple(Option(value=value, label=str(text)) for value, text in options),
        is_single=is_single,
    )


def department_choices(*, empty: Text) -> list[tuple[str, Text]]:
    """Return all active departments as the choices of a form field."""
    known = [row for row in departments().values() if row.is_active]
    return [("", empty), *((str(row.id), f"{row.name} ({row.region})") for row in known)]


def chosen(value: str) -> UUID | None:
    """Return the id that a choice stands for, None for the empty one."""
    return UUID(value) if value else None
