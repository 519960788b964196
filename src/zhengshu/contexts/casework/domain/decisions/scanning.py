"""Walks over the text of an expression of FEEL; names may hold blanks, so that it must be told which there are."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhengshu.contexts.casework.domain.decisions.durations import Months, Seconds, read_day, read_duration
from zhengshu.contexts.casework.domain.decisions.refusals import NotDecidable, OutsideFeel
from zhengshu.contexts.casework.domain.decisions.syntax import MOST_DEPTH, MOST_LETTERS

_BLANK = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_EXPONENT = re.compile(r"[eE][+-]?\d+")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_WORD = re.compile(r"[^\W\d][\w’']*|[\U00010000-\U000EFFFF]+")
KEYWORDS = frozenset(
    {
        *("if", "then", "else", "and", "or", "not", "in", "between", "for", "some", "every", "satisfies"),
        *("return", "function", "instance", "of", "true", "false", "null"),
    }
)


@dataclass(frozen=True, slots=True)
class Names:
    """Names that are known where an expression stands.

    Attributes:
        read: names of data and functions; those with blanks or signs must be known to be recognized.
        members: names of components of contexts.
    """

    read: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()

    def with_more(self, names: Iterable[str]) -> "Names":
        """Return these names and some more."""
        return Names(self.read | frozenset(names), self.members)


class Scanner:
    """A text and how far it was read."""

    def __init__(self, text: str, names: Names) -> None:
        """Stand at the beginning of a text."""
        if len(text) > MOST_LETTERS:
            raise OutsideFeel(text=text[:60] + "…", what=f"longer than {MOST_LETTERS} letters")
        self.text = text
        self.at = 0
        self.names = names
        self.depth = 0
        self.skip()

    def refuse(self, what: str) -> OutsideFeel:
        """Return the refusal of this text."""
        return OutsideFeel(text=self.text.strip(), what=what)

    def deeper(self) -> None:
        """Count one more bracket within brackets.

        Raises:
            OutsideFeel: there are too many.
        """
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise self.refuse("nested too deeply")

    def skip(self) -> None:
        """Go over blanks and comments."""
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def at_end(self) -> bool:
        """Whether the text was read to its end."""
        return self.at >= len(self.text)

    def peek(self, *signs: str) -> str:
        """Return the first of some signs that stands here; empty for none of them."""
        return next((sign for sign in signs if self.text.startswith(sign, self.at)), "")

    def take(self, *signs: str) -> str:
        """Return the sign that stands here and go behind it; empty for none of them."""
        sign = self.peek(*signs)
        if sign:
            self.at += len(sign)
            self.skip()
        return sign

    def expect(self, sign: str) -> None:
        """Go behind a sign.

        Raises:
            OutsideFeel: another one stands here.
        """
        if not self.take(sign):
            rest = self.text[self.at : self.at + 20]
            raise self.refuse(f"“{sign}” is expected before “{rest}”")

    def peek_word(self) -> str:
        """Return the single word that stands here, or an empty text."""
        found = _WORD.match(self.text, self.at)
        return found[0] if found else ""

    def take_word(self, *words: str) -> str:
        """Return the keyword that stands here and go behind it; empty for none of them."""
        word = self.peek_word()
        if word not in words:
            return ""
        self.at += len(word)
        self.skip()
        return word

    def number(self) -> Decimal | None:
        """Return the number that stands here."""
        found = _NUMBER.match(self.text, self.at)
        if not found or (found[0].endswith(".") and self.peek("..")):
            return None
        end = found.end()
        exponent = _EXPONENT.match(self.text, end)
        end = exponent.end() if exponent else end
        value = Decimal(self.text[self.at : end])
        self.at = end
        self.skip()
        return value

    def string(self) -> str | None:
        """Return the text in quotation marks that stands here."""
        found = _STRING.match(self.text, self.at)
        if not found:
            return None
        self.at = found.end()
        self.skip()
        return _joined(_ESCAPE.sub(_unescaped, found[1]))

    def moment(self, text: str) -> date | Months | Seconds:
        """Return the day or the duration in an ``@`` literal.

        Raises:
            OutsideFeel: it is a time of day, or nothing at all.
        """
        try:
            found = read_day(text) or read_duration(text)
        except NotDecidable as refusal:
            raise self.refuse(refusal.text()) from refusal
        if found is None:
            raise self.refuse(f"behind @ it has days and durations only, not “{text}”")
        return found

    def name(self, *, is_member: bool = False) -> str:
        """Return the name that stands here, the longest that is known before a single word; empty for none."""
        known = self.names.members if is_member else self.names.read
        longest, end = "", self.at
        for name in known:
            found = _pattern(name).match(self.text, self.at)
            if found and found.end() > end:
                longest, end = name, found.end()
        word = self.peek_word()
        if not longest or len(word) > end - self.at:
            if not word or (word in KEYWORDS and not is_member):
                return ""
            longest, end = word, self.at + len(word)
        self.at = end
        self.skip()
        return longest

    def until(self, pattern: str) -> str:
        """Return the text before what a pattern finds, and stand before it."""
        found = re.compile(pattern).search(self.text, self.at)
        if not found:
            raise self.refuse("not an expression")
        text = self.text[self.at : found.start()]
        self.at = found.start()
        return text.strip()


def _pattern(name: str) -> re.Pattern[str]:
    parts = r"\s+".join(re.escape(part) for part in name.split())
    return re.compile(parts + (r"(?!\w)" if name[-1:].isalnum() or name.endswith("_") else ""))


def _unescaped(found: re.Match[str]) -> str:
    what = found[1]
    if what[0] in "uU" and len(what) > 1:
        return chr(int(what[1:], 16)) if int(what[1:], 16) <= 0x10FFFF else found[0]  # noqa: PLR2004 - Unicode's end
    return _ESCAPES.get(what, found[0])


def _joined(text: str) -> str:
    """Put the halves of letters together that were written as two escapes each."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return text
