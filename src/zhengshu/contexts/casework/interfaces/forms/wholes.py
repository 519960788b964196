"""Forms that are parts of something are filled in, sent and given up there; alone they would leave the rest broken."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from zhengshu.contexts.casework.application.forms.form_queries import whole_of
from zhengshu.foundation.http.requests import ActorRequest

View = Callable[..., HttpResponse]


def by_itself(view: View) -> View:
    """Lead to the whole where the draft is a part of one."""

    @wraps(view)
    def shown(request: ActorRequest, draft_id: UUID, **places: int) -> HttpResponse:
        path = whole_of(draft_id=draft_id, actor=request.actor)
        return redirect(path) if path else view(request, draft_id, **places)

    return shown
