"""A monitor: recomputes a log from its entries, goes on where it stood, and counts the calls that the log tells of.

It trusts neither the log's hash tiles nor its own former run beyond what it remembers itself: the right edge of the
tree that it has computed from the entries. A checkpoint whose root is not what those entries give is a fork. Keys that
the log announces in its entries are trusted like those that the monitor was given (`handover`).
"""

import base64
import binascii
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path

from zhengshu.foundation.tlog.counts import Counts
from zhengshu.foundation.tlog.entries import EntryWrong, read_entry
from zhengshu.foundation.tlog.handover import KEYS, KIND, announced, opened_handover
from zhengshu.foundation.tlog.merkle import HASH_BYTES, ProofWrong
from zhengshu.foundation.tlog.notes import Checkpoint, NoteVerifier, NoteWrong, opened, verifier
from zhengshu.foundation.tlog.store import handover_path
from zhengshu.foundation.tlog.tiles import ENTRIES, WIDTH, Tile, TileWriter, TileWrong, unbundle

CALL, ANSWERED = "call", "ok"
_HEAD = frozenset({"v", "kind", "at", "commitment"})
_CALL_FACTS = frozenset(
    {"consumer", "provider", "grant", "resource", "operation", "purpose", "verdict", "fields", "rows"}
)
_ACT_FACTS = frozenset({"department", "subject"})
ON_BEHALF = "on_behalf"
"""An act may say so, and nothing else of it: that somebody acted for an enterprise."""
MOST_HANDOVERS = 1000
MOST_WRONG = 100
"""Wrong entries that one report names; there may be more."""

Fetch = Callable[[str], bytes]


class Wrong(StrEnum):
    """What can be wrong with a log."""

    UNSIGNED = "unsigned"
    """The checkpoint has no right signature of the log."""
    ROLLED_BACK = "rolled_back"
    """It has fewer entries than it had."""
    FORKED = "forked"
    """Its root is not that of its entries, or a published hash is none of them."""
    MISSING = "missing"
    """A file that the checkpoint counts on is not there."""
    ENTRY = "entry"
    """An entry is not written as entries are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        index: the entry, where it is about one.
    """

    kind: Wrong
    text: str
    index: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What one run found.

    Attributes:
        size: entries that were recomputed so far.
        fresh: those of this run.
    """

    size: int
    fresh: int
    faults: tuple[Fault, ...]


@dataclass(slots=True, kw_only=True)
class _Memory:
    writer: TileWriter
    counts: Counts
    note: str = ""
    faults: list[Fault] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)

    def trusted(self, configured: Iterable[NoteVerifier]) -> list[NoteVerifier]:
        """Return the keys that the monitor was given, and those that the log has announced since."""
        return [*configured, *(verifier(vkey) for vkey in self.keys)]


class Monitor:
    """Follows one log.

    Args:
        fetch: returns a file of the log by its path; raises `FileNotFoundError` where there is none.
        verifiers: the log's keys.
        folder: its memory; one monitor a folder.
        zone: in whose days calls are counted.
        is_foreign: whether the log is of another make: its entries are hashed and nothing is read in them.
    """

    def __init__(
        self,
        *,
        fetch: Fetch,
        verifiers: Iterable[NoteVerifier],
        folder: Path,
        zone: tzinfo,
        is_foreign: bool = False,
    ) -> None:
        """Remember what to follow."""
        self._fetch, self._verifiers, self._zone = fetch, tuple(verifiers), zone
        self._is_foreign = is_foreign
        self._origin = self._verifiers[0].name if self._verifiers else ""
        self.folder = folder

    @property
    def counts(self) -> Counts:
        """The calls that were counted so far, by day, department and grant."""
        return self._remembered().counts

    def walk(self) -> Walked:
        """Take the entries that were added since the last run; what is wrong is told, and stays told of.

        A log that is wrong is not followed further: the memory keeps the last state that was right, and the checkpoint
        that does not fit is kept as evidence.
        """
        memory, note = self._remembered(), ""
        before = memory.writer.size
        try:
            note = self._fetch("checkpoint").decode()
            self._follow(memory, *self._opened(memory, note))
        except FileNotFoundError as fault:
            return self._stopped(before, Fault(kind=Wrong.MISSING, text=str(fault)))
        except (NoteWrong, UnicodeDecodeError) as fault:
            return self._stopped(before, Fault(kind=Wrong.UNSIGNED, text=str(fault)))
        except _Broken as fault:
            self._keep_evidence(memory.note, note)
            return self._stopped(before, Fault(kind=fault.kind, text=str(fault)))
        memory.note = note
        self._remember(memory)
        size = memory.writer.size
        return Walked(size=size, fresh=size - before, faults=tuple(memory.faults))

    def _opened(self, memory: _Memory, note: str) -> tuple[Checkpoint, dict[str, int]]:
        """Return the checkpoint, and the keys that it takes to open it and whose announcement is still to be found."""
        trusted, led = memory.trusted(self._verifiers), dict[str, int]()
        try:
            return Checkpoint.of_text(opened(note, verifiers=trusted)[0]), led
        except NoteWrong:
            led = self._led(trusted)
            if not led:
                raise
        trusted += [verifier(vkey) for vkey in led]
        return Checkpoint.of_text(opened(note, verifiers=trusted)[0]), led

    def _led(self, trusted: list[NoteVerifier]) -> dict[str, int]:
        """Return the keys to which the log's handovers lead from those that are trusted, with their entries."""
        led: dict[str, int] = {}
        known = list(trusted)
        for number in range(2, MOST_HANDOVERS):
            try:
                text = self._fetch(handover_path(number)).decode(errors="replace")
                found = opened_handover(text, verifiers=known)
            except FileNotFoundError:
                break
            except (NoteWrong, ProofWrong):
                found = None
            if found is not None:
                known += [verifier(vkey) for vkey in found.vkeys]
                led |= dict.fromkeys(found.vkeys, found.index)
        return led

    def _follow(self, memory: _Memory, checkpoint: Checkpoint, led: dict[str, int]) -> None:
        writer = memory.writer
        if checkpoint.size < writer.size:
            raise _Broken(Wrong.ROLLED_BACK, f"{checkpoint.size} entries are left of {writer.size}")
        while writer.size < checkpoint.size:
            number, first = divmod(writer.size, WIDTH)
            width = min(WIDTH, checkpoint.size - number * WIDTH)
            entries = self._entries(Tile(ENTRIES, number, width))[first:]
            for place, entry in enumerate(() if self._is_foreign else entries, start=writer.size):
                self._count(memory, entry, index=place)
            is_last = writer.size + len(entries) == checkpoint.size
            self._compare(writer.append(entries), is_last=is_last)
        if writer.root() != checkpoint.root:
            message = f"the root of the checkpoint is not that of its {checkpoint.size} entries"
            raise _Broken(Wrong.FORKED, message)
        for vkey, index in led.items():
            if memory.keys.get(vkey) != index:
                message = f"entry {index} does not announce the key {vkey}, though a handover says so"
                raise _Broken(Wrong.FORKED, message)

    def _compare(self, tiles: dict[Tile, bytes], *, is_last: bool) -> None:
        """Compare what the entries give with what is published; only the last partial tiles are published still."""
        for tile, content in tiles.items():
            if tile.level == ENTRIES or (tile.width != WIDTH and not is_last):
                continue
            if self._published(tile)[: len(content)] != content:
                raise _Broken(Wrong.FORKED, f"{tile.path} is not what the entries give")

    def _published(self, tile: Tile) -> bytes:
        """Return a tile; a partial one may have been replaced by the full one meanwhile."""
        try:
            return self._fetch(tile.path)
        except FileNotFoundError:
            if tile.width == WIDTH:
                raise
            return self._fetch(Tile(tile.level, tile.number).path)

    def _entries(self, tile: Tile) -> tuple[bytes, ...]:
        """Return the entries of a bundle."""
        content = self._published(tile)
        try:
            return unbundle(content, width=tile.width)
        except TileWrong:
            pass
        try:
            return unbundle(content, width=WIDTH)[: tile.width]
        except TileWrong as fault:
            raise _Broken(Wrong.FORKED, f"{tile.path}: {fault}") from fault

    def _count(self, memory: _Memory, entry: bytes, *, index: int) -> None:
        fault = fault_of(entry, origin=self._origin)
        if fault:
            if len(memory.faults) < MOST_WRONG:
                memory.faults.append(Fault(kind=Wrong.ENTRY, text=fault, index=index))
            return
        facts = json.loads(entry)
        if facts["kind"] == KIND:
            memory.keys |= dict.fromkeys(facts[KEYS], index)
        if facts["kind"] == CALL:
            day = datetime.fromisoformat(facts["at"]).astimezone(self._zone).date()
            memory.counts.add(
                day=day,
                department=facts["consumer"],
                grant=facts["grant"],
                is_answered=facts["verdict"] == ANSWERED,
            )

    def _stopped(self, size: int, fault: Fault) -> Walked:
        return Walked(size=size, fresh=0, faults=(*self._remembered().faults, fault))

    def _keep_evidence(self, before: str, after: str) -> None:
        """Keep both checkpoints, signed by the log: together they prove what it did."""
        _put(self.folder / "evidence.txt", f"{before}\n{after}".encode())

    def _remembered(self) -> _Memory:
        try:
            text = (self.folder / "memory.json").read_text(encoding="utf-8")
        except FileNotFoundError:
            return _Memory(writer=TileWriter(), counts=Counts())
        kept = json.loads(text)
        return _Memory(
            writer=TileWriter(
                size=kept["size"],
                edge=[bytearray(base64.b64decode(one)) for one in kept["edge"]],
                entries=[base64.b64decode(one) for one in kept["entries"]],
            ),
            counts=Counts.of_lines(kept["counts"]),
            note=kept["note"],
            keys=dict(kept.get("keys", {})),
            faults=[Fault(kind=Wrong(one[0]), text=one[1], index=one[2]) for one in kept["faults"]],
        )

    def _remember(self, memory: _Memory) -> None:
        document = {
            "size": memory.writer.size,
            "edge": [base64.b64encode(one).decode() for one in memory.writer.edge],
            "entries": [base64.b64encode(one).decode() for one in memory.writer.entries],
            "counts": list(memory.counts.lines()),
            "note": memory.note,
            "keys": memory.keys,
            "faults": [[one.kind.value, one.text, one.index] for one in memory.faults],
        }
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _put(self.folder / "memory.json", json.dumps(document).encode())


class _Broken(Exception):
    """The log is not what it was or what it says."""

    def __init__(self, kind: Wrong, text: str) -> None:
        super().__init__(text)
        self.kind = kind


def fault_of(entry: bytes, *, origin: str = "") -> str:
    """Return what is wrong with the form of an entry, or an empty text."""
    try:
        facts = read_entry(entry)
    except EntryWrong as fault:
        return str(fault)
    return next(_form_faults(facts, entry, origin=origin), "")


def _form_faults(facts: dict[str, object], entry: bytes, *, origin: str) -> Iterator[str]:
    expected = _HEAD | {CALL: _CALL_FACTS, KIND: _ACT_FACTS | {KEYS}}.get(str(facts.get("kind")), _ACT_FACTS)
    is_act = facts.get("kind") != CALL
    if facts.keys() - ({ON_BEHALF} if is_act and facts.get(ON_BEHALF) is True else set()) != expected:
        yield f"it has the names {', '.join(sorted(facts))}"
    if json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() != entry:
        yield "it is not written in the one form that entries have"
    if not _is_moment(facts.get("at")):
        yield "its time is none"
    if not _is_hash(facts.get("commitment")):
        yield "its commitment is no hash"
    try:
        announced(facts, origin=origin)
    except NoteWrong as fault:
        yield str(fault)


def _is_moment(value: object) -> bool:
    try:
        return datetime.fromisoformat(str(value)).tzinfo is not None
    except ValueError:
        return False


def _is_hash(value: object) -> bool:
    try:
        return len(base64.b64decode(str(value), validate=True)) == HASH_BYTES
    except (binascii.Error, ValueError):
        return False


def _put(file: Path, content: bytes) -> None:
    """Bring a file to disk under its name at once."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{os.getpid()}.draft")
    with draft.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
