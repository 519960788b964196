"""Widgets that Django lacks."""

from django import forms


class DayInput(forms.DateInput):
    """A day, picked or typed; the browser wants it as 2026-03-05, whatever the language of the page."""

    input_type = "date"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        """Fix the format that `<input type=date>` demands."""
        super().__init__(attrs, format="%Y-%m-%d")
