"""Idempotency keys on their way in: the header of a call, the hidden field of a page."""

from typing import Annotated

from django import forms
from django.contrib import messages
from django.utils.translation import gettext as _
from ninja import Header

from zhengshu.contexts.casework.application.commands_once import is_known
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.kernel.identity import new_id

MOST_LETTERS = 100

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=MOST_LETTERS,
        description="Chosen by the caller, fresh for each command. The same key with the same content changes nothing "
        "a second time and gets the same answer; with other content it is a conflict.",
    ),
]
"""The header that every command of the management API carries."""


def fresh_key() -> str:
    """Return a key for a page that is shown now."""
    return str(new_id())


class OnceForm(forms.Form):
    """A form that takes effect once, however often the button is pressed."""

    key = forms.CharField(
        widget=forms.HiddenInput, initial=fresh_key, required=False, max_length=MOST_LETTERS
    )


def was_sent_before(request: ActorRequest) -> bool:
    """Whether a page is sent a second time, by a double click or from the history; it is told that nothing was done."""
    if request.method != "POST" or not is_known(
        request.POST.get("key", "")[:MOST_LETTERS], actor=request.actor
    ):
        return False
    messages.info(
        request, _("This page was sent before. What was stored then counts; nothing was done again.")
    )
    return True
