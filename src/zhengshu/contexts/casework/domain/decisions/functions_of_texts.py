"""Functions of FEEL about texts."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from zhengshu.contexts.casework.domain.decisions.durations import Months, Seconds, written_duration
from zhengshu.contexts.casework.domain.decisions.functions_of_numbers import cut, whole
from zhengshu.contexts.casework.domain.decisions.values import Feel, as_list, plain, written

Work = Callable[..., Feel]


def _of_texts(work: Callable[..., Feel]) -> Work:
    """Return a function that is null as soon as an argument is no text."""
    return lambda *texts: work(*texts) if texts and all(isinstance(text, str) for text in texts) else None


def shown(value: Feel) -> Feel:
    """Return a value as a text: texts, days and durations bare, all else as it is written."""
    match value:
        case None | str():
            return value
        case Decimal():
            return plain(value)
        case Months() | Seconds():
            return written_duration(value)
    return value.isoformat() if hasattr(value, "isoformat") else written(value)


def _substring(text: Feel, start: Feel, length: Feel = Decimal(10**8)) -> Feel:
    first, count = whole(start), cut(length)
    if not isinstance(text, str) or not first or count is None or count < 1 or abs(first) > len(text):
        return None
    begin = first - 1 if first > 0 else len(text) + first
    return text[begin : begin + count]


def _before(text: str, mark: str) -> Feel:
    return text[: text.find(mark)] if mark in text else ""


def _after(text: str, mark: str) -> Feel:
    return text[text.find(mark) + len(mark) :] if mark in text else ""


def _joined(texts: Feel, delimiter: Feel = "") -> Feel:
    parts = [one for one in as_list(texts) if one is not None]
    mark = "" if delimiter is None else delimiter
    if texts is None or not isinstance(mark, str) or not all(isinstance(one, str) for one in parts):
        return None
    return mark.join(str(one) for one in parts)


TEXTS: Mapping[str, tuple[str, Work]] = {
    "string": ("from", shown),
    "string length": ("string", _of_texts(lambda text: Decimal(len(text)))),
    "upper case": ("string", _of_texts(str.upper)),
    "lower case": ("string", _of_texts(str.lower)),
    "contains": ("string, match", _of_texts(lambda text, part: part in text)),
    "starts with": ("string, match", _of_texts(str.startswith)),
    "ends with": ("string, match", _of_texts(str.endswith)),
    "substring": ("string, start position | string, start position, length", _substring),
    "substring before": ("string, match", _of_texts(_before)),
    "substring after": ("string, match", _of_texts(_after)),
    "string join": ("list | list, delimiter", _joined),
}
