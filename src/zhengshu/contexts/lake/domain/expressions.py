"""The vectorised copy of `reading` as SQL expressions, for the spellings that need no thought.

An expression yields the value, or NULL where the exact path has to look. `doubtful` says where it has to: a row with
any doubtful field goes to `reading.read_value`, which decides. So the two paths can only differ if an expression
accepts something that `read_value` reads otherwise; the property test looks for that.
"""

from datetime import timedelta

from zhengshu.contexts.lake.domain.columns import DECIMAL_DIGITS, DECIMAL_PLACES, Column, ColumnType
from zhengshu.contexts.lake.domain.reading import NO, YES
from zhengshu.kernel.dates import CHINA

_YEAR = "(1[89]|2[0-9])[0-9]{2}"
_SEPARATED = tuple(
    f"{_YEAR}{first}[0-9]{{1,2}}{second}[0-9]{{1,2}}{last}"
    for first, second, last in (("-", "-", ""), ("/", "/", ""), ("[.]", "[.]", ""), ("年", "月", "日"))
)
_CHINA_HOURS = int(CHINA.utcoffset(None) / timedelta(hours=1))


def value_expression(column: Column, *, source: str) -> str:
    """Return the expression of a column's value over delivered texts; `source` is a trusted identifier.

    Columns of texts have none: `application.text_doubts` looks at them as bytes.
    """
    match column.kind:
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
    empty = f"{source} = ''"
    return f"({value} IS NULL)" if column.must_hold else f"({value} IS NULL AND NOT {empty})"


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
