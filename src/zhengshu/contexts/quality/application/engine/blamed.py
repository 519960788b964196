"""Reading what assessments kept: the rows that a rule blames, and the rules that blame a row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import compute as pc
from pyarrow import parquet as pq

from zhengshu.contexts.quality.application.engine.keeping import KEY, Answer, about_of
from zhengshu.contexts.quality.application.engine.source import Source
from zhengshu.contexts.quality.application.engine.values import Field, identifier
from zhengshu.contexts.quality.domain.evaluating import Row
from zhengshu.contexts.quality.domain.results import Kept
from zhengshu.kernel.errors import Kind, Refused

Places = npt.NDArray[np.int64]


class FileOfResultMissing(Refused):
    """A file of blamed rows is gone or damaged; the table has to be checked again."""

    code = "quality.file-of-result-missing"
    kind = Kind.UNAVAILABLE
    message = "The rows of this result can no longer be read (%(file)s). Check the table again."


@dataclass(frozen=True, slots=True, kw_only=True)
class BlamedRow:
    """A row that rules blame.

    Attributes:
        place: its line or its number in the table.
        keys: the values of the key columns that were kept, as texts.
        rules: the codes of the rules that blame it.
    """

    place: int
    keys: Mapping[str, str | None]
    rules: tuple[str, ...]


def blamed_rows(
    folder: Path, kept: Kept, *, rule: str = "", after: int = 0, most: int = 100
) -> tuple[BlamedRow, ...]:
    """Return blamed rows in the order of their places, each with all rules that blame it.

    Args:
        folder: where the assessment kept its files.
        kept: what the assessment says of them.
        rule: only the rows that this rule blames; all of them otherwise.
        after: only rows behind this place, for the next page.
        most: how many.
    """
    wanted = blamed_places(folder, kept, rule=rule)
    places = np.unique(wanted[wanted > after])[:most]
    keys: dict[int, Mapping[str, str | None]] = {}
    rules: dict[int, list[str]] = {int(place): [] for place in places}
    for name, answers in _files(folder, kept):
        table = pq.read_table(folder / name, filters=pc.field("place").isin(pa.array(places, pa.int64())))
        for row in table.to_pylist():
            place = row["place"]
            keys[place] = {name.removeprefix(KEY): row[name] for name in row if name.startswith(KEY)}
            rules[place] += [code for code, one in answers if row[f"w{one.word}"] >> one.bit & 1]
    return tuple(
        BlamedRow(place=place, keys=keys[place], rules=tuple(dict.fromkeys(codes)))
        for place, codes in rules.items()
    )


def blamed_places(folder: Path, kept: Kept, *, rule: str = "") -> Places:
    """Return the places of the rows that a rule blames, or that any blames, in no order."""
    found = [np.empty(0, np.int64)]
    for name, answers in _files(folder, kept, rule=rule):
        words = sorted({f"w{one.word}" for _, one in answers})
        table = pq.read_table(folder / name, columns=["place", *words])
        is_blamed = np.zeros(table.num_rows, np.bool_)
        for _, one in answers:
            is_blamed |= table.column(f"w{one.word}").to_numpy() >> np.uint64(one.bit) & np.uint64(1) != 0
        found.append(table.column("place").to_numpy()[is_blamed])
    return np.concatenate(found)


def rows_at(source: Source, places: Sequence[int]) -> Mapping[int, Row]:
    """Return rows of a source by their places, as the texts that rules saw.

    Only those who may see the table may be shown them.
    """
    names = ", ".join(
        f"{Field(identifier(name), kind).text} AS {identifier(name)}" for name, kind in source.columns.items()
    )
    found: dict[int, Row] = {}
    with duckdb.connect(":memory:") as engine:
        engine.execute("SET TimeZone = 'UTC'")
        engine.register("wanted", pa.table({"place": pa.array(sorted(places), pa.int64())}))
        rows = engine.sql(f"SELECT place, {names} FROM {source.relation} SEMI JOIN wanted USING (place)")  # noqa: S608 - quoted
        for row in rows.to_arrow_table().to_pylist():
            found[row.pop("place")] = row
    return found


def _files(folder: Path, kept: Kept, *, rule: str = "") -> Iterator[tuple[str, Sequence[tuple[str, Answer]]]]:
    """Yield the files, each with the codes and answers of the rules that the assessment takes from it."""
    for name in kept.files:
        about = about_of(folder / name)
        if about is None:
            raise FileOfResultMissing(file=name)
        answers = [
            (kept.rules[fingerprint], answer)
            for fingerprint, answer in about.answers.items()
            if fingerprint in kept.rules and rule in {"", kept.rules[fingerprint]}
        ]
        if answers:
            yield name, answers
