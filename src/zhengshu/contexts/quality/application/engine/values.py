"""The readings of `domain.values` as SQL of DuckDB, over a column of texts or of a type."""

import re
from dataclasses import dataclass
from itertools import pairwise

from zhengshu.contexts.quality.domain import values

_SUSPECTS = "".join(
    sorted({letter for word in values.NOTHING for letter in (*word, *word.lower())} | set(values.EDGES))
)
"""What a text that stands for nothing can begin with."""
_LEAST_GAP = 16
_GAPS = tuple(
    (before + 1, after - 1)
    for before, after in pairwise([*sorted(map(ord, _SUSPECTS)), 0x110000])
    if after - before > _LEAST_GAP
)
"""Wide ranges of letters that it cannot begin with, digits and almost all Chinese characters among them."""
_NOTHING = "[{0}]*({1})[{0}]*".format(
    values.EDGES, "|".join(re.escape(word) for word in sorted(values.NOTHING, key=len, reverse=True))
)
NUMBER_TYPE = f"DECIMAL({values.WHOLE_DIGITS + values.DECIMAL_PLACES}, {values.DECIMAL_PLACES})"
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_INTEGERS = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
)
_FIRST_DAY, _LAST_DAY = "DATE '1800-01-01'", "DATE '2999-12-31'"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the source within a query: the identifier of its value, NULL where empty, and its type."""

    name: str
    type: str

    @property
    def is_text(self) -> bool:
        """Whether its values are texts already."""
        return self.type == "VARCHAR"

    @property
    def text(self) -> str:
        """Its canonical text; decimals without zeros at the end, which say nothing but how they are stored."""
        if self.is_text:
            return self.name
        text = f"CAST({self.name} AS VARCHAR)"
        found = _DECIMAL.fullmatch(self.type)
        return f"rtrim(rtrim({text}, '0'), '.')" if found and int(found[2]) else text

    @property
    def number(self) -> str:
        """The number that it is, or NULL."""
        if self.type in _INTEGERS or _fits_decimal(self.type):
            return f"CAST({self.name} AS {NUMBER_TYPE})"
        return number_of(self.text)

    @property
    def day(self) -> str:
        """The day that it names, or NULL."""
        if self.type == "DATE":
            return f"CASE WHEN {self.name} BETWEEN {_FIRST_DAY} AND {_LAST_DAY} THEN {self.name} END"
        return day_of(self.text)


def _fits_decimal(kind: str) -> bool:
    found = _DECIMAL.fullmatch(kind)
    if found is None:
        return False
    digits, decimals = int(found[1]), int(found[2])
    return decimals <= values.DECIMAL_PLACES and digits - decimals <= values.WHOLE_DIGITS


def quoted(text: str) -> str:
    """Return a text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name from outside as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'


def fits(text: str, pattern: str) -> str:
    """Return the condition that the whole of a text is of a pattern."""
    return f"regexp_full_match({text}, {quoted(pattern)})"


def filled(source: str, kind: str) -> str:
    """Return a source column with NULL where it is empty.

    The first letter tells almost every text from the words for nothing: by its number where it lies in one of the wide
    gaps between the letters that they begin with, else by a look among these. A list would be turned into a join by
    DuckDB, and its left side computed for every row; a pattern is not.
    """
    if kind != "VARCHAR":
        return source
    is_far = " OR ".join(f"unicode({source}) BETWEEN {first} AND {last}" for first, last in _GAPS)
    return (
        f"CASE WHEN {is_far} THEN {source} "
        f"WHEN NOT contains({quoted(_SUSPECTS)}, substring({source}, 1, 1)) THEN {source} "
        f"WHEN regexp_full_match({source}, {quoted(_NOTHING)}, 'i') THEN NULL ELSE {source} END"
    )


def number_of(text: str) -> str:
    """Return the number that a text is, or NULL."""
    return f"CASE WHEN {fits(text, values.NUMBER)} THEN TRY_CAST({text} AS {NUMBER_TYPE}) END"


def day_of(text: str) -> str:
    """Return the day that a text names, or NULL."""
    separated = "|".join(values.SEPARATED_DAYS)
    return (
        f"CASE WHEN {fits(text, f'{values.ISO_DAY}|{values.INSTANT}')} THEN TRY_CAST(left({text}, 10) AS DATE) "
        f"WHEN {fits(text, values.COMPACT_DAY)} THEN CAST(TRY_STRPTIME({text}, '%Y%m%d') AS DATE) "
        f"WHEN {fits(text, separated)} "
        f"THEN TRY_CAST(rtrim(translate({text}, '/.年月日', '-----'), '-') AS DATE) END"
    )
