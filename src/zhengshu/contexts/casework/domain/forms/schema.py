"""A form as frozen types, whatever its file looks like."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Place = str
"""Where an answer belongs: a field's key, ``members.0.name`` in a repeated group, or the group's key for its count."""

Answers = Mapping[Place, tuple[str, ...]]
"""What was typed, as texts; most places have one, lists of choices and files have several."""

MOST_FIELDS = 400
MOST_ENTRIES = 50
"""Entries of one repeated group, whatever the form says."""

MOST_LETTERS = 4000
"""Letters of one answer, whatever the form says."""


class Kind(StrEnum):
    """What sort of value a field asks for."""

    TEXT = "text"
    NUMBER = "number"
    TICK = "tick"
    CHOICE = "choice"
    CHOICES = "choices"
    DAY = "day"
    TIME = "time"
    MOMENT = "moment"
    FILES = "files"
    EMAIL = "email"
    CITIZEN_ID = "citizen_id"
    CREDIT_CODE = "credit_code"
    PHONE = "phone"
    REGION = "region"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text in both languages."""

    zh: str = ""
    en: str = ""

    def read(self, language: str) -> str:
        """Return it in a reader's language; the other one where it lacks that."""
        return (self.en or self.zh) if language == "en" else (self.zh or self.en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One value that may be chosen."""

    value: str
    label: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What an answer must be besides of its kind; None and empty say nothing."""

    is_required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    least: str | None = None
    most: str | None = None
    decimals: int = 0
    pattern: str = ""
    endings: tuple[str, ...] = ()
    """Endings of files: ``.pdf``."""
    is_several: bool = False
    """Whether several files may be sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question.

    Attributes:
        id: names the element in the file.
        key: names the answer.
        look: the component of form-js that draws it.
        table: the code table whose codes may be chosen; else `options` are.
        hide: an expression; the field is not asked where it holds.
        calculate: an expression; the value is computed and not typed.
        element: the data element that it asks for.
        is_bound: whether a source fills it, so that nobody types it: the element's authoritative one, or `certificate`.
        certificate: type and field of the certificate that says it, as `business-licence.address`; a field that is not
            bound is typed where there is no such certificate.
        holder_key: the key of the question that names whose certificate it is, as a child's; empty for his own.
        reason: why a person is asked for what a source could supply.
    """

    id: str
    key: str
    look: str
    kind: Kind
    label: Words
    hint: Words = Words()
    rules: Rules = Rules()
    options: tuple[Option, ...] = ()
    table: str = ""
    hide: str = ""
    calculate: str = ""
    element: str = ""
    is_bound: bool = False
    certificate: str = ""
    holder_key: str = ""
    reason: str = ""
    default: tuple[str, ...] = ()
    is_fixed: bool = False
    """Whether the default is the answer and cannot be changed."""

    @property
    def is_typed(self) -> bool:
        """Whether a person gives the answer."""
        return not (self.calculate or self.is_bound or self.is_fixed)

    @property
    def is_for_rules(self) -> bool:
        """Whether it is a computed tick: it follows from what a page shows, and only conditions and rules need it."""
        return bool(self.calculate) and self.kind == Kind.TICK

    @property
    def supplier(self) -> str:
        """By what its supplied value is known: the certificate's field, or the data element; empty for the typed."""
        return self.certificate or (self.element if self.is_bound else "")

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole number, which expressions can work with."""
        return self.kind == Kind.NUMBER and self.rules.decimals == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something to read: a text, a line, a space."""

    id: str
    look: str
    text: Words = Words()
    hide: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Parts under a common heading."""

    id: str
    label: Words
    parts: tuple["Part", ...]
    hide: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Parts that are asked for once for each entry of a list; its key counts the entries."""

    id: str
    key: str
    label: Words
    parts: tuple["Part", ...]
    hide: str = ""
    fewest: int = 1
    most: int = MOST_ENTRIES


Part = Field | Note | Section | Repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is asked on one page."""

    title: Words
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """All pages of a form."""

    code: str
    pages: tuple[Page, ...] = field(default_factory=tuple)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything in the order of the file."""
        return tuple(part for page in self.pages for part in page.parts)


def every_part(parts: tuple[Part, ...]) -> Iterator[Part]:
    """Yield the parts and what is in them, in the order of the file."""
    for part in parts:
        yield part
        if isinstance(part, Section | Repeat):
            yield from every_part(part.parts)


def fields_of(parts: tuple[Part, ...]) -> tuple[Field, ...]:
    """Return all fields among the parts and in them."""
    return tuple(part for part in every_part(parts) if isinstance(part, Field))


def blank(part: Field) -> str | bool:
    """Return what a field is to expressions when there is no answer."""
    return False if part.kind == Kind.TICK else ""


def blanks(parts: tuple[Part, ...]) -> dict[str, str | bool | int]:
    """Return the names that expressions may read of parts, as they are before anything was answered."""
    names: dict[str, str | bool | int] = {}
    for part in parts:
        match part:
            case Field():
                names[part.key] = blank(part)
                names |= dict.fromkeys(choice_names(part).values(), False)
            case Section():
                names |= blanks(part.parts)
            case Repeat():
                names[count_name(part)] = 0
                names |= {sum_name(part, one): 0 for one in fields_of(part.parts) if one.is_whole}
            case Note():
                pass
    return names


def count_name(repeat: Repeat) -> str:
    """Return the name by which expressions know how many entries a repeated group has."""
    return f"{repeat.key}_count"


def sum_name(repeat: Repeat, field: Field) -> str:
    """Return the name by which expressions know the sum of a number over all entries."""
    return f"{repeat.key}_{field.key}_sum"


def choice_names(field: Field) -> dict[str, str]:
    """Return, for a list of choices, value → the name that is True when it is chosen (``needs_ramp``)."""
    if field.kind != Kind.CHOICES:
        return {}
    values = (option.value for option in field.options)
    return {value: f"{field.key}_{value}" for value in values if f"{field.key}_{value}".isidentifier()}
