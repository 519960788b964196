"""A certificate that could not be made: why, on the page of its to-do, and the button that makes it again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application.application_queries import ApplicationNotFound, application
from zhengshu.contexts.services.application.application_records import ApplicationRecord
from zhengshu.contexts.services.application.certificate_faults import SUBJECT
from zhengshu.contexts.services.application.retry_certificate import MENDERS, may_retry, retry_certificate
from zhengshu.contexts.services.interfaces.labels import in_language
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.ui.slots import slot
from zhengshu.kernel.actors import Actor


def fault_of(found: ApplicationRecord) -> str:
    """Return why the certificate of an application could not be made, in the reader's language; empty where it was."""
    if found.certificate_id is not None or len(found.certificate_words) != len(("zh", "en")):
        return ""
    return in_language(*found.certificate_words)


def fault_context(found: ApplicationRecord, *, actor: Actor) -> dict[str, object]:
    """Return what the part of a page needs that tells of it."""
    return {"application": found, "fault": fault_of(found), "may_retry": may_retry(found, actor=actor)}


@slot("casework.case", casework.CaseRecord)
def on_the_to_do(request: HttpRequest, case: casework.CaseRecord) -> SafeString:
    """Tell whoever mends it why the certificate could not be made, and let him make it again."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor) or case.subject.kind != SUBJECT:
        return SafeString("")
    try:
        found = application(application_id=case.subject.id, actor=actor)
    except ApplicationNotFound:
        return SafeString("")
    context = fault_context(found, actor=actor)
    return render_to_string("services/parts/certificate_fault.html", context, request=request)


@require_POST
@allow(*MENDERS)
def certificate_retry(request: ActorRequest, application_id: UUID) -> HttpResponse:
    """Try to make the certificate, and lead back to the case with what came of it."""
    found = retry_certificate(application_id=application_id, actor=request.actor, at=timezone.now())
    if fault := fault_of(found):
        messages.error(request, _("The certificate still cannot be made: %(reason)s") % {"reason": fault})
    else:
        messages.success(request, _("The certificate is made, and whoever asked for it was told."))
    return redirect("casework:case-detail", found.case_id)


urlpatterns: list[URLPattern | URLResolver] = [
    path("applications/<uuid:application_id>/certificate/", certificate_retry, name="certificate-retry"),
]
