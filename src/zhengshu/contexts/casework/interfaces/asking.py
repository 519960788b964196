"""Asking before something is done to a case: a page with a form, one command, and back to the case."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengshu.contexts.casework.domain.completing import TaskNotOpen
from zhengshu.contexts.casework.domain.records import CaseRecord
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the page says.

    Attributes:
        title: what is about to be done.
        text: to which case, and what follows from it.
        done: what is said afterwards, on the page of the case.
        label: of the button; the title where it is empty.
        is_dangerous: whether the button is to warn.
    """

    title: str
    text: str
    done: str
    label: str = ""
    is_dangerous: bool = False


def ask_about(
    case: CaseRecord,
    question: Question,
    form: forms.Form,
    *,
    act: Callable[[], object],
    request: ActorRequest,
) -> HttpResponse:
    """Show the question until its form is right and the command was not refused, then the case."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except TaskNotOpen as gone:
            return too_late(request, gone, case_id=case.id)
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, question.done)
            return redirect("casework:case-detail", case.id)
    context = {
        "title": question.title,
        "text": question.text,
        "form": form,
        "action_label": question.label or question.title,
        "is_dangerous": question.is_dangerous,
        "cancel_url": reverse("casework:case-detail", args=[case.id]),
        "trail": [(_("Cases"), "/cases/"), (case.number, f"/cases/{case.id}/"), (question.title, "")],
    }
    return render(request, "ui/confirm.html", context)


def too_late(request: ActorRequest, gone: TaskNotOpen, *, case_id: CaseId) -> HttpResponse:
    """Lead whoever came too late to the page of the case, which says first what became of the to-do."""
    messages.warning(request, sentence(gone))
    return redirect("casework:case-detail", case_id)
