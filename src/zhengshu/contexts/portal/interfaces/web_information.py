"""Pages that tell: help, about, accessibility, errors. They need no account."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zhengshu.contexts.portal.application.list_refusals import list_refusals
from zhengshu.contexts.portal.interfaces.persons import duties
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import public


@public
def help_page(request: ActorRequest) -> HttpResponse:
    """Show the way of data through the platform and who does what."""
    return render(request, "portal/help.html", {"roles": duties(), "errors_url": reverse("portal:errors")})


@public
def about(request: ActorRequest) -> HttpResponse:
    """Say what the platform is and on which rules it stands."""
    return render(request, "portal/about.html")


@public
def accessibility(request: ActorRequest) -> HttpResponse:
    """Show the accessibility statement."""
    return render(request, "portal/accessibility.html")


@public
def errors(request: ActorRequest) -> HttpResponse:
    """Show every refusal in both languages."""
    groups = list_refusals()
    total = sum(len(group.refusals) for group in groups)
    return render(request, "portal/errors.html", {"groups": groups, "total": total})
