"""Check characters before the pass: texts leave the engine by thousands, the places of the wrong ones come back.

A function that is called within a query is given two thousand texts at a time, by threads that wait for each other at
every call. Here the engine reads while another thread computes, and the pass looks only for the few places found.
"""

from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhengshu.contexts.quality.application.engine.check_functions import wrong_in
from zhengshu.contexts.quality.application.engine.sessions import Session, texts_of
from zhengshu.contexts.quality.application.engine.source import Rows
from zhengshu.contexts.quality.application.engine.watching import Watch
from zhengshu.contexts.quality.domain.checks import Scheme

Places = npt.NDArray[np.int64]

_BATCH: Final = 1 << 16
_PIECE: Final = 1 << 13
"""So many texts are computed at once: what they need stays near the processor."""
_WAITING: Final = 4
"""So many batches may wait to be computed."""
_HELD: Final = 1 << 20
"""So many places are held before they are given to the engine, which spills them where memory ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Precheck:
    """A text of each row, as SQL over the columns of the source, and how its check characters are computed."""

    text: str
    scheme: Scheme


def find_wrong(session: Session, rows: Rows, asked: Mapping[str, Precheck], watch: Watch) -> None:
    """Make a table of the places whose texts have wrong check characters, for each name.

    Raises:
        AssessmentCancelled: it was told to stop.
    """
    if not asked:
        return
    found = _Found(session=session, held={name: [] for name in asked})
    texts = ", ".join(f"{one.text} AS {name}" for name, one in asked.items())
    schemes = [one.scheme for one in asked.values()]
    reader = session.engine.cursor()
    waiting = deque[Future[list[Places]]]()
    with ThreadPoolExecutor(max_workers=1) as beside:
        try:
            query = f"SELECT place, {texts} FROM {rows.relation}"  # noqa: S608 - quoted
            for batch in reader.sql(query).to_arrow_reader(_BATCH):
                waiting.append(beside.submit(_wrong, batch, schemes))
                watch.add(0)
                if len(waiting) > _WAITING:
                    found.add(waiting.popleft().result())
            while waiting:
                found.add(waiting.popleft().result())
        finally:
            for one in waiting:
                one.cancel()
            reader.close()
    found.flush()


@dataclass(slots=True, kw_only=True)
class _Found:
    """Places by the names of their tables."""

    session: Session
    held: dict[str, list[Places]]
    count: int = 0

    def __post_init__(self) -> None:
        for name in self.held:
            self.session.engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} (place BIGINT)")

    def add(self, found: list[Places]) -> None:
        for held, places in zip(self.held.values(), found, strict=True):
            held.append(places)
            self.count += len(places)
        if self.count > _HELD:
            self.flush()

    def flush(self) -> None:
        for name, held in self.held.items():
            places = pa.table({"place": np.concatenate([np.empty(0, np.int64), *held])})
            self.session.engine.register("wrong", places)
            self.session.engine.execute(f"INSERT INTO {name} SELECT place FROM wrong")  # noqa: S608 - our own names
            self.session.engine.unregister("wrong")
            held.clear()
        self.count = 0


def _wrong(batch: pa.RecordBatch, schemes: list[Scheme]) -> list[Places]:
    """Return the places of the wrong texts of each column after the first, which is the places."""
    found: list[list[Places]] = [[np.empty(0, np.int64)] for _ in schemes]
    for first in range(0, batch.num_rows, _PIECE):
        piece = batch.slice(first, _PIECE)
        places = np.asarray(piece.column(0))
        for number, scheme in enumerate(schemes):
            is_wrong = wrong_in(texts_of(piece.column(number + 1)), scheme=scheme)
            found[number].append(places[is_wrong])
    return [np.concatenate(one) for one in found]
