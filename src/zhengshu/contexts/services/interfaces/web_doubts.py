"""What officials see of somebody about whom they decide: on the page of the case, and, noted, by name and number."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhengshu.contexts.casework.api import CaseRecord
from zhengshu.contexts.services.application.benefit_faults import BenefitNotFound
from zhengshu.contexts.services.application.read_entitlement import (
    SubjectRecord,
    read_entitlement,
    subject_masked,
)
from zhengshu.contexts.services.interfaces.web_benefits import STATES, name_of, text_of
from zhengshu.contexts.services.models.benefits import KEEPERS
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.ui.slots import slot
from zhengshu.kernel.actors import Actor

ABOUT = "entitlement"


@slot("casework.case", CaseRecord)
def whom_it_is_about(request: HttpRequest, case: CaseRecord) -> SafeString:
    """Show whoever decides a doubt or an objection what each rule came to, and by which register."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor) or case.subject.kind != ABOUT or actor.department_id is None:
        return SafeString("")
    try:
        found = subject_masked(entitlement_id=case.subject.id, actor=actor)
    except BenefitNotFound:
        return SafeString("")
    return render_to_string("services/parts/benefit_subject.html", _shown(found), request=request)


@never_cache
@require_POST
@allow(*KEEPERS)
def entitlement_read(request: ActorRequest, entitlement_id: UUID) -> HttpResponse:
    """Show name and number of somebody about whom the reader decides; that he looked is noted."""
    found = read_entitlement(entitlement_id=entitlement_id, actor=request.actor, at=timezone.now())
    context = {
        **_shown(found),
        "is_whole": True,
        "trail": [
            (_("Benefits without application"), reverse("services:benefit-list")),
            (name_of(found.definition), ""),
        ],
    }
    return render(request, "services/benefit_subject.html", context)


def _shown(found: SubjectRecord) -> dict[str, object]:
    return {
        "found": found,
        "name": name_of(found.definition),
        "state": STATES[found.state],
        "findings": [(text_of(one), one) for one in found.findings],
    }


urlpatterns = [path("benefits/whom/<uuid:entitlement_id>/", entitlement_read, name="entitlement-read")]
