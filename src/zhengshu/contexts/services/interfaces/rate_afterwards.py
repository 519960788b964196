"""The way from a matter that has ended to its rating."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from zhengshu.contexts.casework.api import CaseRecord
from zhengshu.contexts.services.application.rating_queries import invitation_of_case
from zhengshu.foundation.ui.slots import slot
from zhengshu.kernel.actors import Actor


@slot("casework.case", CaseRecord)
def rate_afterwards(request: HttpRequest, case: CaseRecord) -> SafeString:
    """Show the way to the rating of one's own case, while it may be rated and was not."""
    actor = getattr(request, "actor", None)
    if case.is_open or not isinstance(actor, Actor):
        return SafeString("")
    found = invitation_of_case(case_id=case.id, actor=actor)
    if found is None or found.used_at is not None or found.expires_at <= timezone.now():
        return SafeString("")
    return SafeString(render_to_string("services/parts/rate_afterwards.html", {"found": found}))
