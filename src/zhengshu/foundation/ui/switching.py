"""Switching something on or off, so that a page that is sent twice does not switch it back."""

from typing import Self

from django import forms


class SwitchForm(forms.Form):
    """To what something is switched: the page that asks says it, and whatever holds when it is sent does not matter."""

    ON, OFF = "on", "off"
    to = forms.ChoiceField(choices=((ON, ON), (OFF, OFF)), widget=forms.HiddenInput)

    @classmethod
    def asking(cls, *, is_on: bool) -> Self:
        """Return the form of a page that asks whether to switch on, or off."""
        return cls(initial={"to": cls.ON if is_on else cls.OFF})

    @property
    def is_on(self) -> bool:
        """Whether a valid form switches on."""
        return bool(self.cleaned_data["to"] == self.ON)
