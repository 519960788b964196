"""Being written."""
from django.http import HttpResponse
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import signed_in

@signed_in
def developer(request: ActorRequest, grant_id: object = None) -> HttpResponse:
    """Nothing yet."""
    return HttpResponse()

key_issue = try_call = supervision = developer
