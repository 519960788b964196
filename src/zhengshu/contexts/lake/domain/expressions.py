"""The vectorised copy of `reading` as SQL expressions, for the spellings that need no thought.

An expression yields the value, or NULL where the exact path has to look. `doubtful` says where it has to: a row with
any doubtful field goes to `reading.read_value`, which decides. So the two paths can only differ if an expression
accepts something that `read_value` reads otherwise; the property test looks for that.
"""

from collections.abc import Sequence
from datetime import timedelta

from zhengshu.contexts.lake.domain.columns import DECIMAL_DIGITS, DECIMAL_PLACES, Column, ColumnType
from zhengshu.contexts.lake.domain.reading import NO, NOTHING, NOTHING_IN_TEXT, YES
from zhengshu.kernel.dates import CHINA

_YEAR = "(1[89]|2[0-9])[0-9]{2}"
_SEPARATED = tuple(
    f"{_YEAR}{first}[0-9]{{1,2}}{second}[0-9]{{1,2}}{last}"
    for first, second, last in (("-", "-", ""), ("/", "/", ""), ("[.]", "[.]", ""), ("年", "月", "日"))
)
_CHINA_HOURS = int(CHINA.utcoffset(None) / timedelta(hours=1))
_LONGEST_NOTHING = max(len(word) for word in NOTHING)


def value_expression(column: Column, *, source: str) -> str:
    """Return the expression of a column's value over a text column; `source` is a trusted identifier."""
    match column.kind:
        case ColumnType.TEXT:
            return f"nullif({source}, '')"
        case ColumnType.INTEGER:
            return f"CASE WHEN regexp_full_match({source}, '-?[0-9]{{1,18}}') THEN TRY_CAST({source} AS BIGINT) END"
        case ColumnType.DECIMAL:
            shape = f"-?[0-9]{{1,{DECIMAL_DIGITS - DECIMAL_PLACES - 1}}}(\\.[0-9]{{1,{DECIMAL_PLACES}}})?"
            number = f"TRY_CAST({source} AS DECIMAL({DECIMAL_DIGITS}, {DECIMAL_PLACES}))"
            return f"CASE WHEN regexp_full_match({source}, '{shape}') THEN {number} END"
        case ColumnType.BOOLEAN:
            word = f"upper({source})"
            return (
                f"CASE WHEN {word} IN ({_words(YES)}) THEN true WHEN {word} IN ({_words(NO)}) THEN false END"
            )
        case ColumnType.DATE:
            return _date(source)
        case _:
            return _datetime(source)


def doubt_expression(column: Column, *, source: str, value: str) -> str:
    """Return the condition under which the exact path has to look at a field."""
    if column.kind is ColumnType.TEXT:
        return f"({_doubtful_text(column, source)})"
    empty = f"{source} = ''"
    return f"({value} IS NULL)" if column.must_hold else f"({value} IS NULL AND NOT {empty})"


def blank_expression(sources: Sequence[str]) -> str:
    """Return the condition under which a whole row is empty."""
    return "(" + " AND ".join(f"{source} = ''" for source in sources) + ")"


def _doubtful_text(column: Column, source: str) -> str:
    edges = r"[\s\x{a0}\x{3000}\x{feff}\x{200b}\x{b}\x{c}]"
    control = r"[\x{0}-\x{8}\x{b}\x{c}\x{e}-\x{1f}\x{7f}\x{fffd}]"
    doubts = [f"regexp_matches({source}, '^{edges}|{edges}$|{control}|^#')"]
    words = _words(NOTHING_IN_TEXT - {""})
    doubts.append(f"(length({source}) <= {_LONGEST_NOTHING} AND upper({source}) IN ({words}))")
    if column.length is not None:
        doubts.append(f"length({source}) > {column.length}")
    if column.must_hold:
        doubts.append(f"{source} = ''")
    return " OR ".join(doubts)


def _date(source: str) -> str:
    plain = f"regexp_full_match({source}, '{_YEAR}-[0-9]{{2}}-[0-9]{{2}}')"
    compact = f"regexp_full_match({source}, '{_YEAR}[0-9]{{4}}')"
    typed = f"regexp_full_match({source}, '{'|'.join(_SEPARATED)}')"
    return (
        f"CASE WHEN {plain} THEN TRY_CAST({source} AS DATE) "
        f"WHEN {compact} THEN CAST(TRY_STRPTIME({source}, '%Y%m%d') AS DATE) "
        f"WHEN {typed} THEN TRY_CAST(rtrim(translate({source}, '/.年月日', '----'), '-') AS DATE) END"
    )


def _datetime(source: str) -> str:
    shape = f"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}[ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    instant = f"TRY_CAST({source} AS TIMESTAMP) - INTERVAL {_CHINA_HOURS} HOURS"
    return f"CASE WHEN regexp_full_match({source}, '{shape}') THEN {instant} END"


def _words(words: frozenset[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))
