"""Filling in the form of a case type in its try: the real form, its rules and sentences, and nothing stored."""

from dataclasses import dataclass

from django.http import QueryDict

from zhengshu.contexts.casework.application.forms.drafts import tables_of
from zhengshu.contexts.casework.application.forms.save_answers import bounded
from zhengshu.contexts.casework.application.forms.send_form import case_data
from zhengshu.contexts.casework.application.naming import LoadedType, reader_language
from zhengshu.contexts.casework.application.playing import made_up_department
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.forms.evaluating import Evaluated, Known, evaluate
from zhengshu.contexts.casework.domain.forms.places import (
    defaults,
    field_at,
    repeat_at,
    with_entry,
    without_entry,
)
from zhengshu.contexts.casework.domain.forms.schema import Answers, Form, Kind, fields_of
from zhengshu.contexts.casework.interfaces.forms.drawing import Drawer, PageView
from zhengshu.contexts.casework.interfaces.forms.posting import posted
from zhengshu.contexts.casework.interfaces.forms.rules import form_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedForm:
    """A form as it stands in a try.

    Attributes:
        name: its name.
        rules: what the browser needs to show and compute while somebody types.
        pages: all its pages, one below the other.
        evaluated: what it makes of the answers.
        faults: how many answers are missing or wrong.
    """

    name: str
    rules: dict[str, object]
    pages: tuple[PageView, ...]
    evaluated: Evaluated
    faults: int

    def data(self, kind: LoadedType) -> dict[str, Value]:
        """Return what of the answers goes into the data of the case."""
        return case_data(kind.definition, self.evaluated.values, department=made_up_department)


def tried_form(kind: LoadedType, code: str, *, sent: QueryDict | None) -> TriedForm:
    """Return a form with what was typed; before anything was, with what it begins with.

    Files are not attached in a try, and sources are not asked: fields that need either are not missed.
    """
    form = kind.forms[code]
    answers = _answers(form, sent) if sent else defaults(form)
    tables = tables_of(form)
    known = Known(tables={table: frozenset(one.value for one in found) for table, found in tables.items()})
    evaluated = evaluate(form, answers, known=known)
    unasked = {one.key for one in fields_of(form.parts) if one.is_bound or one.kind == Kind.FILES}
    drawer = Drawer(
        form=form, answers=answers, evaluated=evaluated, tables=tables, language=reader_language()
    )
    has_faults = sent is not None and posted(sent).change is None
    return TriedForm(
        name=kind.text(f"forms.{code}"),
        rules=form_rules(form, answers),
        pages=tuple(drawer.page(number, with_faults=has_faults) for number in range(1, len(form.pages) + 1)),
        evaluated=evaluated,
        faults=sum(place.rpartition(".")[2] not in unasked for place in evaluated.faults),
    )


def _answers(form: Form, sent: QueryDict) -> Answers:
    """Return what was typed, with an entry of a repeated group more or less where that was clicked."""
    given = posted(sent)
    typed = {place: texts for place, texts in given.typed.items() if _is_asked(form, place)}
    answers: Answers = bounded(typed)
    change = given.change
    repeat = repeat_at(form.parts, change.key) if change else None
    if change is None or repeat is None:
        return answers
    return (
        with_entry(repeat, answers) if change.kind == "add" else without_entry(repeat, change.number, answers)
    )


def _is_asked(form: Form, place: str) -> bool:
    return field_at(form.parts, place) is not None or repeat_at(form.parts, place) is not None
