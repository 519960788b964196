"""Names every fault of a form's file before anybody fills it in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhengshu.contexts.casework.domain import expressions
from zhengshu.contexts.casework.domain.faults import FORM, Fault
from zhengshu.contexts.casework.domain.forms.kinds import option_values, read_answer
from zhengshu.contexts.casework.domain.forms.reading import read_form
from zhengshu.contexts.casework.domain.forms.schema import (
    MOST_FIELDS,
    Field,
    Form,
    Kind,
    Note,
    Part,
    Repeat,
    Section,
    Words,
    blanks,
    every_part,
    fields_of,
)
from zhengshu.foundation.files.kinds import KINDS
from zhengshu.kernel.errors import Refused

_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
COMPUTED_KINDS = frozenset({Kind.TEXT, Kind.NUMBER, Kind.TICK})


def check_form(source: str, *, code: str) -> tuple[Fault, ...]:
    """Return every fault of a form's file by itself."""
    form, faults = read_form(source, code=code)
    if any(fault.code == "unreadable" for fault in faults):
        return faults
    return (*faults, *_Checker(form=form, file=f"{code}{FORM}").faults())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checker:
    form: Form
    file: str

    def faults(self) -> Iterator[Fault]:
        fields = fields_of(self.form.parts)
        if not fields:
            yield self._fault("", "form-empty")
        if len(fields) > MOST_FIELDS:
            yield self._fault("", "form-too-long", count=len(fields), most=MOST_FIELDS)
        yield from self._names()
        for page in self.form.pages:
            if len(self.form.pages) > 1:
                yield from self._words(page.parts[0].id, page.title)
        yield from self._parts(self.form.parts, {}, is_inside=False)

    def _fault(self, element: str, code: str, **details: object) -> Fault:
        return Fault(file=self.file, element=element, code=code, details=details)

    def _names(self) -> Iterator[Fault]:
        """Check ids and keys, which must be unique in the whole form."""
        ids: set[str] = set()
        keys: set[str] = set()
        for part in every_part(self.form.parts):
            if not part.id or part.id in ids:
                yield self._fault(part.id, "form-id-twice", name=part.id)
            ids.add(part.id)
            if not isinstance(part, Field | Repeat):
                continue
            if not _KEY.fullmatch(part.key):
                yield self._fault(part.id, "form-key-unfit", name=part.key)
                continue
            taken = {part.key, *blanks((part,))}
            if taken & keys:
                yield self._fault(part.id, "form-key-twice", name=", ".join(sorted(taken & keys)))
            keys |= taken

    def _parts(
        self, parts: tuple[Part, ...], before: dict[str, Field | None], *, is_inside: bool
    ) -> Iterator[Fault]:
        """Check parts in order; `before` holds the names that stand before, and grows."""
        for part in parts:
            if part.hide:
                yield from self._expression(part.id, part.hide, before)
            match part:
                case Field():
                    yield from self._field(part, before, is_inside=is_inside)
                    before[part.key] = part
                    before |= dict.fromkeys(blanks((part,)).keys() - {part.key}, None)
                case Section():
                    yield from self._words(part.id, part.label, is_optional=True)
                    yield from self._parts(part.parts, before, is_inside=is_inside)
                case Repeat():
                    yield from self._repeat(part, before)
                case Note(look="text"):
                    yield from self._words(part.id, part.text)

    def _repeat(self, part: Repeat, before: dict[str, Field | None]) -> Iterator[Fault]:
        yield from self._words(part.id, part.label)
        if part.most < 1:
            yield self._fault(part.id, "form-list-count-unfit")
        yield from self._parts(part.parts, dict(before), is_inside=True)
        before |= dict.fromkeys(blanks((part,)), None)

    def _field(self, part: Field, before: Mapping[str, Field | None], *, is_inside: bool) -> Iterator[Fault]:
        yield from self._words(part.id, part.label, is_optional=part.look == "expression")
        yield from self._words(part.id, part.hint, is_optional=True)
        if part.calculate:
            yield from self._expression(part.id, part.calculate, before)
            if part.kind not in COMPUTED_KINDS:
                yield self._fault(part.id, "form-calculation-unfit", kind=part.kind.value)
        elif part.look == "expression":
            yield self._fault(part.id, "form-calculation-missing")
        if part.is_bound and (not part.supplier or part.calculate or is_inside):
            yield self._fault(part.id, "form-source-unfit")
        if part.certificate or part.holder_key:
            yield from self._certificate(part, before, is_inside=is_inside)
        yield from self._options(part)
        yield from self._rules(part)

    def _certificate(
        self, part: Field, before: Mapping[str, Field | None], *, is_inside: bool
    ) -> Iterator[Fault]:
        kind, _dot, code = part.certificate.partition(".")
        has_text = part.kind not in {Kind.FILES, Kind.TICK, Kind.CHOICES}
        if not (kind and code and has_text) or is_inside or part.calculate:
            yield self._fault(part.id, "form-certificate-unfit")
        if part.holder_key and before.get(part.holder_key) is None:
            yield self._fault(part.id, "form-certificate-holder-unfit", name=part.holder_key)

    def _options(self, part: Field) -> Iterator[Fault]:
        if part.kind not in {Kind.CHOICE, Kind.CHOICES} or part.table:
            return
        if not part.options:
            yield self._fault(part.id, "form-options-missing")
        seen: set[str] = set()
        for option in part.options:
            if not option.value or option.value in seen:
                yield self._fault(part.id, "form-option-twice", name=option.value)
            seen.add(option.value)
            yield from self._words(part.id, option.label)

    def _rules(self, part: Field) -> Iterator[Fault]:
        rules = part.rules
        for ending in sorted(set(rules.endings) - KINDS.keys()):
            yield self._fault(part.id, "form-ending-unfit", name=ending, known=", ".join(KINDS))
        lengths = (
            rules.min_length is not None
            and rules.max_length is not None
            and rules.min_length > rules.max_length
        )
        bounds = rules.least is not None and rules.most is not None and float(rules.least) > float(rules.most)
        if lengths or bounds:
            yield self._fault(part.id, "form-bounds-unfit")
        elif part.default and not part.table and part.kind != Kind.FILES:
            try:
                read_answer(part, part.default, options=option_values(part, {}))
            except Refused as refusal:
                yield self._fault(part.id, "form-default-unfit", what=refusal.text())

    def _words(self, element: str, words: Words, *, is_optional: bool = False) -> Iterator[Fault]:
        """Demand both languages, or none where that is allowed."""
        if is_optional and not words.zh and not words.en:
            return
        for language, found in (("zh-hans", words.zh), ("en", words.en)):
            if not found.strip():
                yield self._fault(element, "form-words-missing", language=language)

    def _expression(self, element: str, source: str, before: Mapping[str, Field | None]) -> Iterator[Fault]:
        for name in sorted(expressions.names(source)):
            if name not in before or not _is_readable(before[name]):
                yield self._fault(element, "form-name-unknown", name=name)
        for name, texts in sorted(expressions.compared_texts(source).items()):
            part = before.get(name)
            known = {option.value for option in part.options} if part is not None else set[str]()
            for one in sorted(texts - known - {""}) if known else ():
                details = {"name": name, "text": one, "known": ", ".join(sorted(known))}
                yield self._fault(element, "form-text-impossible", **details)


def _is_readable(part: Field | None) -> bool:
    """Whether expressions can work with a field; counts, sums and single choices they can."""
    if part is None:
        return True
    return part.kind not in {Kind.FILES, Kind.CHOICES} and (part.kind != Kind.NUMBER or part.is_whole)
