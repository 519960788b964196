"""The first page, search and administration."""

from django.http import HttpResponse
from django.shortcuts import render

from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, public, signed_in
from zhengshu.kernel.actors import ADMINISTRATORS


@public
def home(request: ActorRequest) -> HttpResponse:
    """Show the landing page to visitors and the desk to everybody else."""
    return render(request, "portal/landing.html")


@signed_in
def search(request: ActorRequest) -> HttpResponse:
    """Search everything that the actor may see."""
    return render(request, "portal/landing.html")


@allow(*ADMINISTRATORS)
def administration(request: ActorRequest) -> HttpResponse:
    """Lead each administrator to the pages of the role."""
    return render(request, "portal/landing.html")
