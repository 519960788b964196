"""Idempotency keys on their way in: the header of a call, the hidden field of a page."""

from typing import Annotated

from django import forms
from ninja import Header

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
