"""The rules of a form as the browser's module wants them, with sentences in the reader's language."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext

from zhengshu.contexts.casework.application.forms.drafts import Draft
from zhengshu.contexts.casework.domain.forms import refusals
from zhengshu.contexts.casework.domain.forms.compiling import compiled
from zhengshu.contexts.casework.domain.forms.schema import Answers, Form, fields_of
from zhengshu.kernel.errors import Refused

SPOKEN: tuple[type[Refused], ...] = (
    refusals.AnswerMissing,
    refusals.ChoiceMissing,
    refusals.TickMissing,
    refusals.AnswerTooShort,
    refusals.AnswerTooLong,
    refusals.AnswerOfAnotherForm,
    refusals.NotANumber,
    refusals.NumberNotWhole,
    refusals.TooManyDecimals,
    refusals.NumberTooSmall,
    refusals.NumberTooLarge,
    refusals.NotAnOption,
)
"""What the browser can say without the server."""


def page_rules(draft: Draft) -> dict[str, object]:
    """Return what the module needs: rules, the answers of all pages, and what sources supplied."""
    supplied = {
        one.key: draft.supplied[one.supplier].value
        for one in fields_of(draft.form.parts)
        if one.supplier in draft.supplied
    }
    return form_rules(draft.form, draft.answers, supplied=supplied)


def form_rules(
    form: Form, answers: Answers, *, supplied: Mapping[str, str] = MappingProxyType({})
) -> dict[str, object]:
    """Return what the module needs of a form that no draft keeps."""
    return {
        "rules": compiled(form),
        "answers": {place: list(texts) for place, texts in answers.items()},
        "supplied": dict(supplied),
        "words": {"true": gettext("Yes"), "false": gettext("No")},
        "sentences": {kind.code.removeprefix("casework."): gettext(kind.message) for kind in SPOKEN},
    }
