"""Spoiling rows on purpose, and writing down which."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from zhengshu.project.demo_city.content import Content, Fault, FaultKind
from zhengshu.project.demo_city.draws import (
    Chance,
    Flags,
    Ints,
    Texts,
    is_as_long,
    is_text,
    numbers,
    pick,
    replaced,
    texts,
    words_of,
)
from zhengshu.project.demo_city.sheets import Sheet

_WIDE: Final = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789X"}
_NUMERALS: Final = "零壹贰叁肆伍陆柒捌玖"
_UNITS: Final = ("", "拾", "佰", "仟")
_CHECKED: Final = 18
"""Citizen IDs and credit codes have 18 characters, of which the last checks the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoilt:
    """One kind of fault as it was put into one column of a file.

    Attributes:
        fault: which kind, in which column.
        rows: the rows, from 0, ascending.
        originals: what stood there; for a doubled row the number of the other row, from 1.
        written: what stands there now.
    """

    fault: Fault
    rows: Ints
    originals: Texts
    written: Texts


def spoil(sheet: Sheet, content: Content, chance: Chance) -> tuple[Sheet, tuple[Spoilt, ...]]:
    """Shuffle the rows of a sheet, double some and spoil some others; each row carries one fault at most."""
    draw = chance.stream(f"faults of {sheet.file}")
    faults = content.faults.files.get(sheet.file, ())
    mixed, doubled = _shuffled(sheet, faults, draw)
    is_free = np.ones(mixed.rows, dtype=np.bool_)
    for one in doubled:
        is_free[one.rows] = False
        is_free[np.array([int(text) - 1 for text in words_of(one.originals)], dtype=np.int64)] = False
    done = list(doubled)
    for fault in faults:
        if fault.fault is FaultKind.ROW_DOUBLED:
            continue
        rows = _befallen(mixed, fault, is_free, draw)
        is_free[rows] = False
        mixed, spoilt = _spoil_rows(mixed, fault, rows, content, draw)
        done.append(spoilt)
    return mixed, tuple(done)


def _shuffled(sheet: Sheet, faults: Sequence[Fault], draw: np.random.Generator) -> tuple[Sheet, list[Spoilt]]:
    fault = next((fault for fault in faults if fault.fault is FaultKind.ROW_DOUBLED), None)
    count = round(fault.share * sheet.rows) if fault else 0
    again = draw.choice(sheet.rows, size=count, replace=False)
    source = np.concatenate([np.arange(sheet.rows), again])
    order = draw.permutation(len(source))
    mixed = sheet.taken(source[order])
    if fault is None:
        return mixed, []
    place = np.empty(len(source), dtype=np.int64)
    place[order] = np.arange(len(source))
    rows = place[sheet.rows :]
    sequence = np.argsort(rows)
    first = place[again][sequence]
    originals = numbers(first + 1)
    return mixed, [Spoilt(fault=fault, rows=rows[sequence], originals=originals, written=texts([""] * count))]


def _befallen(sheet: Sheet, fault: Fault, is_free: Flags, draw: np.random.Generator) -> Ints:
    can = sheet.can_befall.get(fault.fault, np.ones(sheet.rows, dtype=np.bool_)).copy()
    if fault.column:
        can &= ~is_text(sheet.columns[fault.column], "")
    if fault.fault is FaultKind.CHECK_DIGIT_WRONG:
        can &= is_as_long(sheet.columns[fault.column], _CHECKED)
    candidates = np.flatnonzero(can & is_free)
    count = min(round(fault.share * int(can.sum())), len(candidates))
    return np.sort(draw.choice(candidates, size=count, replace=False))


def _spoil_rows(
    sheet: Sheet, fault: Fault, rows: Ints, content: Content, draw: np.random.Generator
) -> tuple[Sheet, Spoilt]:
    mask = np.zeros(sheet.rows, dtype=np.bool_)
    mask[rows] = True
    originals = pick(sheet.columns[fault.column], rows)
    columns = dict(sheet.columns)
    if fault.fault is FaultKind.ROW_SHIFTED:
        written = texts([""] * len(rows))
        names = list(columns)
        before = written
        for name in names[names.index(fault.column) :]:
            after = pick(sheet.columns[name], rows)
            columns[name] = replaced(columns[name], mask, before)
            before = after
    else:
        written = texts(_WRITERS[fault.fault](words_of(originals), content, draw))
        columns[fault.column] = replaced(columns[fault.column], mask, written)
    return replace(sheet, columns=columns), Spoilt(
        fault=fault, rows=rows, originals=originals, written=written
    )


def _with_wrong_check(values: list[str], content: Content, draw: np.random.Generator) -> list[str]:
    del content
    steps = draw.integers(1, 10, len(values))
    last = _CHECKED - 1
    wrong = (
        str((int(value[last]) + step) % 10) if value[last].isdecimal() else str(step)
        for value, step in zip(values, steps, strict=True)
    )
    return [value[:last] + digit + value[last + 1 :] for value, digit in zip(values, wrong, strict=True)]


def _missing(values: list[str], content: Content, draw: np.random.Generator) -> list[str]:
    blanks = content.faults.blanks
    return [blanks[index] for index in draw.integers(0, len(blanks), len(values))]


def _full_width(values: list[str], content: Content, draw: np.random.Generator) -> list[str]:
    del content, draw
    return [value.translate(_WIDE) for value in values]


def _spelt_otherwise(values: list[str], content: Content, draw: np.random.Generator) -> list[str]:
    spellings = content.faults.spellings
    chosen = draw.integers(0, len(spellings), len(values))
    return [_spelt(value, spellings[index]) for value, index in zip(values, chosen, strict=True)]


def _spelt(value: str, spelling: str) -> str:
    day = date.fromisoformat(value)
    text = spelling.replace("%Y", str(day.year)).replace("%-m", str(day.month)).replace("%-d", str(day.day))
    return text.replace("%m", f"{day.month:02}").replace("%d", f"{day.day:02}")


def _name_variants(values: list[str], content: Content, draw: np.random.Generator) -> list[str]:
    blanks = (" ", "　", "·")
    chosen = draw.integers(0, len(blanks), len(values))
    return [
        _name_variant(value, content.words.variants, blanks[index])
        for value, index in zip(values, chosen, strict=True)
    ]


def _name_variant(name: str, variants: Mapping[str, str], blank: str) -> str:
    for letter in name:
        if letter in variants:
            return name.replace(letter, variants[letter], 1)
    return f"{name[0]}{blank}{name[1:]}"


def _capital_spellings(values: list[str], content: Content, draw: np.random.Generator) -> list[str]:
    del content
    chosen = draw.integers(0, 6, len(values))
    return [_capital(int(float(value)), index) for value, index in zip(values, chosen.tolist(), strict=True)]


def _capital(yuan: int, spelling: int) -> str:
    tens_of_thousands = yuan // 10_000
    return (
        f"{tens_of_thousands}万元",
        f"{tens_of_thousands}万人民币",
        f"{tens_of_thousands}.000000万元人民币",
        f"人民币{_in_words(tens_of_thousands)}万元整",
        f"{yuan:,}元",
        f"{tens_of_thousands}万",
    )[spelling]


def _in_words(number: int) -> str:
    figures = str(number)
    words = ""
    for place, figure in enumerate(figures):
        unit = _UNITS[len(figures) - 1 - place]
        words += _NUMERALS[int(figure)] + unit if figure != "0" else "零"
    while "零零" in words:
        words = words.replace("零零", "零")
    return words.rstrip("零")


def _still_insured(values: list[str], content: Content, draw: np.random.Generator) -> list[str]:
    del content, draw
    return ["参保缴费"] * len(values)


_WRITERS: Final[dict[FaultKind, Callable[[list[str], Content, np.random.Generator], list[str]]]] = {
    FaultKind.CHECK_DIGIT_WRONG: _with_wrong_check,
    FaultKind.VALUE_MISSING: _missing,
    FaultKind.FULL_WIDTH: _full_width,
    FaultKind.DATE_SPELLING: _spelt_otherwise,
    FaultKind.NAME_VARIANT: _name_variants,
    FaultKind.CAPITAL_SPELLING: _capital_spellings,
    FaultKind.DEAD_STILL_INSURED: _still_insured,
}
