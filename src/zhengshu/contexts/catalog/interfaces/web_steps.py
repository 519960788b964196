"""The steps of a version's life, each a button."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from zhengshu.contexts.catalog import api
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.actors import OFFICIALS
from zhengshu.kernel.dates import read_date
from zhengshu.kernel.errors import Kind, Refused


@allow(*OFFICIALS)
@require_POST
def submit(request: ActorRequest, code: str) -> HttpResponse:
    """Hand a draft to the head."""
    text = request.POST.get("revision", "")
    revision = int(text) if text.isdecimal() and len(text) < 9 else None  # noqa: PLR2004 - a small number

    def step() -> None:
        api.submit_resource(code=code, actor=request.actor, at=timezone.now(), expected_revision=revision)

    return _do(request, code, step, gettext("Submitted to the head of your department."))


@allow(*OFFICIALS)
@require_POST
def approve(request: ActorRequest, code: str) -> HttpResponse:
    """Approve a version, declaring the assessments."""
    assessments = api.Assessments(
        secrecy_risk=request.POST.get("secrecy_risk") == "on",
        personal_information=request.POST.get("personal_information") == "on",
        note=request.POST.get("note", "").strip()[:2000],
    )

    def step() -> None:
        api.approve_resource(code=code, assessments=assessments, actor=request.actor, at=timezone.now())

    return _do(request, code, step, gettext("Approved and passed to the data authority."))


@allow(*OFFICIALS)
@require_POST
def send_back(request: ActorRequest, code: str) -> HttpResponse:
    """Return a version with the reason."""

    def step() -> None:
        api.return_resource(code=code, reason=_reason(request), actor=request.actor, at=timezone.now())

    return _do(request, code, step, gettext("Returned with your reason."))


@allow(*OFFICIALS)
@require_POST
def publish(request: ActorRequest, code: str) -> HttpResponse:
    """Publish an approved version."""

    def step() -> None:
        api.publish_resource(code=code, actor=request.actor, at=timezone.now())

    return _do(request, code, step, gettext("Published: all departments see it now."))


@allow(*OFFICIALS)
@require_POST
def abandon(request: ActorRequest, code: str) -> HttpResponse:
    """Give a draft up."""

    def step() -> None:
        api.abandon_draft(code=code, reason=_reason(request), actor=request.actor, at=timezone.now())

    return _do(request, code, step, gettext("The draft is abandoned."))


@allow(*OFFICIALS)
@require_POST
def revise(request: ActorRequest, code: str) -> HttpResponse:
    """Begin a new version."""
    day = request.POST.get("cause_on", "").strip()

    def step() -> None:
        api.revise_resource(
            code=code,
            cause=request.POST.get("cause", "")[:2000],
            cause_on=read_date(day) if day else None,
            actor=request.actor,
            at=timezone.now(),
        )

    return _do(request, code, step, gettext("A new version is begun. Change it, then submit it."))


@allow(*OFFICIALS)
@require_POST
def retire(request: ActorRequest, code: str) -> HttpResponse:
    """Take a resource out of the catalogue."""

    def step() -> None:
        api.retire_resource(code=code, reason=_reason(request), actor=request.actor, at=timezone.now())

    return _do(request, code, step, gettext("The resource is retired."))


def _reason(request: ActorRequest) -> str:
    return request.POST.get("reason", "")[:2000]


def _do(request: ActorRequest, code: str, step: Callable[[], object], done: str) -> HttpResponse:
    """Take a step; say on the page what was done, or why not. What may not be seen or done stays refused."""
    try:
        step()
    except Refused as refusal:
        if refusal.kind in {Kind.NOT_FOUND, Kind.FORBIDDEN}:
            raise
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, done)
    return redirect("catalog:resource-draft", code=code)
