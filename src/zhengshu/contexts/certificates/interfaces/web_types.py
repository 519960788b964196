"""Pages of the types of certificates: what stands on one, who issues it, with which seal."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengshu.contexts.certificates.application.keep_issuers import (
    allow_seal,
    issuers,
    name_issuer,
    remove_issuer,
    take_seal_back,
)
from zhengshu.contexts.certificates.application.load_types import CertificateTypeNotFound
from zhengshu.contexts.certificates.application.queries import counts_by_type, types
from zhengshu.contexts.certificates.domain.types import CertificateType, Validity
from zhengshu.contexts.certificates.models.certificates import OFFICE_ROLES
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive
from zhengshu.kernel.actors import Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId

READERS = tuple(sorted({*OFFICE_ROLES, Role.REVIEWER, Role.LEADER}))


class ChoiceForm(forms.Form):
    """One thing out of several."""

    chosen = forms.ChoiceField()

    def __init__(self, *arguments: object, label: object, choices: list[tuple[str, str]]) -> None:
        """Offer the choices."""
        super().__init__(*arguments)  # type: ignore[arg-type]  # handed on as they are
        self.fields["chosen"] = forms.ChoiceField(
            label=label,  # type: ignore[arg-type]  # a lazy text will do
            choices=[("", _("Choose")), *choices],
        )


@require_GET
@allow(*READERS)
def type_list(request: ActorRequest) -> HttpResponse:
    """List the types, with how many one's department issued."""
    known, language = types(), get_language() or ""
    counts = counts_by_type(actor=request.actor, codes=known, at=timezone.now())
    rows = [
        (code, found.names.of(language), found, validity_words(found.validity), *counts.get(code, (0, 0)))
        for code, found in known.items()
    ]
    return render(request, "certificates/types.html", {"rows": rows})


@require_GET
@allow(*READERS)
def type_detail(request: ActorRequest, code: str) -> HttpResponse:
    """Show a type: its fields, its legal basis, who issues it."""
    actor, found, language = request.actor, _one(code), get_language() or ""
    known = issuers(type_code=code)
    own = next((one for one in known if one.department_id == actor.department_id), None)
    is_head, is_reviewer = actor.has(Role.DEPARTMENT_HEAD), actor.has(Role.REVIEWER)
    context = {
        "trail": [
            (_("Types of certificates"), reverse("certificates:types")),
            (found.names.of(language), ""),
        ],
        "code": code,
        "name": found.names.of(language),
        "facts": [
            (_("Type code"), found.number),
            (_("Holder"), HOLDERS[found.holder.value]),
            (_("Period of validity"), validity_words(found.validity)),
            (_("Legal basis"), "；".join(found.basis)),
        ],
        "fields": [(one.names.of(language), one) for one in found.fields],
        "issuers": known,
        "own": own,
        "name_form": ChoiceForm(label=gettext_lazy("Department"), choices=_departments())
        if is_reviewer
        else None,
        "seal_form": ChoiceForm(label=gettext_lazy("Seal"), choices=_seals(request))
        if own and is_head
        else None,
        "may_remove": is_reviewer,
        "may_take_back": is_head,
    }
    return render(request, "certificates/type.html", context)


@require_POST
@allow(Role.REVIEWER)
def issuer_add(request: ActorRequest, code: str) -> HttpResponse:
    """Let a department issue the type."""
    chosen = _uuid(request.POST.get("chosen", ""))
    if chosen is None:
        messages.error(request, _("Choose a department."))
    else:
        name_issuer(
            type_code=code, department_id=DepartmentId(chosen), actor=request.actor, at=timezone.now()
        )
        messages.success(request, _("The department may issue this type. Its head allows a seal next."))
    return redirect("certificates:type", code)


@require_POST
@allow(Role.REVIEWER)
def issuer_remove(request: ActorRequest, code: str) -> HttpResponse:
    """Let a department issue the type no longer."""
    chosen = _uuid(request.POST.get("department", ""))
    if chosen is not None:
        remove_issuer(
            type_code=code, department_id=DepartmentId(chosen), actor=request.actor, at=timezone.now()
        )
        messages.success(request, _("The department may no longer issue this type. What it issued stays."))
    return redirect("certificates:type", code)


@require_POST
@allow(Role.DEPARTMENT_HEAD)
@sensitive
def seal_allow(request: ActorRequest, code: str) -> HttpResponse:
    """Let the platform put a seal of one's department on certificates of the type."""
    chosen = _uuid(request.POST.get("chosen", ""))
    if chosen is None:
        messages.error(request, _("Choose a seal."))
        return redirect("certificates:type", code)
    try:
        allow_seal(type_code=code, seal_id=chosen, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        if refusal.kind is Kind.NOT_FOUND:
            raise
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("Certificates of this type now bear the seal without anybody at hand."))
    return redirect("certificates:type", code)


@require_POST
@allow(Role.DEPARTMENT_HEAD)
def seal_take_back(request: ActorRequest, code: str) -> HttpResponse:
    """Take the seal back from the platform; nothing of the type is issued until another one is allowed."""
    take_seal_back(type_code=code, actor=request.actor, at=timezone.now())
    messages.success(request, _("The platform no longer uses the seal for this type."))
    return redirect("certificates:type", code)


HOLDERS = {"person": gettext_lazy("Natural person"), "enterprise": gettext_lazy("Enterprise")}


def validity_words(validity: Validity) -> str:
    """Return how long certificates are valid, in words."""
    parts = [
        (validity.years, _("%(number)s years")),
        (validity.months, _("%(number)s months")),
        (validity.days, _("%(number)s days")),
    ]
    return " ".join(words % {"number": number} for number, words in parts if number) or _("without end")


def _one(code: str) -> CertificateType:
    found = types().get(code)
    if found is None:
        raise CertificateTypeNotFound(type=code)
    return found


def _departments() -> list[tuple[str, str]]:
    known = [one for one in trust.departments().values() if one.is_active]
    return [(str(one.id), f"{one.name} ({one.region})") for one in known]


def _seals(request: ActorRequest) -> list[tuple[str, str]]:
    own = trust.seals_of_department(actor=request.actor, at=timezone.now())
    return [
        (str(one.id), one.name) for one in own if one.state in {"in_use", "expiring"} and not one.holder_name
    ]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
