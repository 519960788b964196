"""Filling in the form of a case type in its try: the real form, its rules and sentences, and nothing stored."""

from dataclasses import dataclass

from django.http import QueryDict

from zhengshu.contexts.casework.application.forms.drafts import tables_of
from zhengshu.contexts.casework.application.forms.send_form import case_data
from zhengshu.contexts.casework.application.naming import LoadedType, reader_language
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.forms.evaluating import Evaluated, Known, evaluate
from zhengshu.contexts.casework.domain.forms.places import defaults, field_at
from zhengshu.contexts.casework.domain.forms.schema import Answers, Form, Kind, fields_of
from zhengshu.contexts.casework.interfaces.forms.drawing import Drawer, PageView
from zhengshu.contexts.casework.interfaces.forms.posting import posted


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedForm:
    """A form as it stands in a try.

    Attributes:
        name: its name.
        pages: all its pages, one below the other.
        evaluated: what it makes of the answers.
        faults: how many answers are missing or wrong.
    """

    name: str
    pages: tuple[PageView, ...]
    evaluated: Evaluated
    faults: int

    def data(self, kind: LoadedType) -> dict[str, Value]:
        """Return what of the answers goes into the data of the case."""
        return case_data(kind.definition, self.evaluated.values)


def tried_form(kind: LoadedType, code: str, *, sent: QueryDict | None) -> TriedForm:
    """Return a form with what was typed; before anything was, with what it begins with.

    Files are not attached in a try, and sources are not asked: fields that need either are not missed.
    """
    form = kind.forms[code]
    begun: Answers = defaults(form)
    typed = (
        {place: texts for place, texts in posted(sent).typed.items() if _is_asked(form, place)}
        if sent
        else {}
    )
    answers: Answers = {**begun, **typed}
    tables = tables_of(form)
    known = Known(tables={table: frozenset(one.value for one in found) for table, found in tables.items()})
    evaluated = evaluate(form, answers, known=known)
    unasked = {one.key for one in fields_of(form.parts) if one.is_bound or one.kind == Kind.FILES}
    drawer = Drawer(
        form=form, answers=answers, evaluated=evaluated, tables=tables, language=reader_language()
    )
    return TriedForm(
        name=kind.text(f"forms.{code}"),
        pages=tuple(drawer.page(number, with_faults=bool(sent)) for number in range(1, len(form.pages) + 1)),
        evaluated=evaluated,
        faults=sum(place.rpartition(".")[2] not in unasked for place in evaluated.faults),
    )


def _is_asked(form: Form, place: str) -> bool:
    return field_at(form.parts, place) is not None
