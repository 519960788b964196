"""Numbers of cases: prefix, date, sequence."""

from datetime import date

from zhengshu.contexts.casework.domain.definitions import Numbering


def period_of(numbering: Numbering, *, on: date) -> str:
    """Return the period within which a sequence counts: a day or a year."""
    return f"{on:%Y%m%d}" if numbering.per == "day" else f"{on:%Y}"


def number_text(numbering: Numbering, *, period: str, sequence: int) -> str:
    """Return the number as people read it, such as ``GX202603020001``."""
    return f"{numbering.prefix}{period}{sequence:0{numbering.digits}d}"
