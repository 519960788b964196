"""Tiles: the static files in which a log is served (C2SP `tlog-tiles`), written and read."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from zhengshu.foundation.tlog.merkle import EMPTY_ROOT, HASH_BYTES, leaf_hash, node_hash

WIDTH = 256
"""Hashes in a full tile."""
_BITS = 8
_MOST_ENTRY_BYTES = 0xFFFF
_HIGHEST_LEVEL = 63
_NUMBER = r"(?:x[0-9]{3}/)*[0-9]{3}"
_PATH = re.compile(
    rf"tile/(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<number>{_NUMBER})(?:\.p/(?P<width>[1-9][0-9]{{0,2}}))?"
)


class TileWrong(ValueError):
    """A tile is not of the size that its path says, or an entry does not hash to its leaf."""


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """One static file.

    Attributes:
        level: 0 for leaf hashes, 1 for the hashes of full tiles of leaf hashes …; -1 for bundles of entries.
        number: its place in its level.
        width: hashes or entries in it, 1 to 256.
    """

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is served, relative to the log."""
        groups = [f"{self.number % 1000:03d}"]
        rest = self.number // 1000
        while rest:
            groups.append(f"x{rest % 1000:03d}")
            rest //= 1000
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(reversed(groups))}{partial}"

    @classmethod
    def of_path(cls, path: str) -> "Tile | None":
        """Return the tile of a path, or None where no tile has it; only the canonical spelling counts."""
        match = _PATH.fullmatch(path)
        if match is None:
            return None
        number = int(match["number"].replace("x", "").replace("/", ""))
        level = ENTRIES if match["level"] == "entries" else int(match["level"])
        tile = cls(level, number, int(match["width"]) if match["width"] else WIDTH)
        return tile if tile.path == path and tile.width <= WIDTH else None


ENTRIES = -1
"""The level of bundles of entries."""


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile of hashes and of entries that a log of a size serves."""
    for level in (ENTRIES, *range(_HIGHEST_LEVEL + 1)):
        count = size >> (_BITS * max(level, 0))
        if not count:
            return
        yield from (Tile(level, number) for number in range(count // WIDTH))
        if count % WIDTH:
            yield Tile(level, count // WIDTH, count % WIDTH)


def bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries as they are served, each behind its length in two bytes.

    Raises:
        ValueError: an entry is longer than 65,535 bytes.
    """
    if any(len(entry) > _MOST_ENTRY_BYTES for entry in entries):
        raise ValueError("an entry of the log is longer than 65,535 bytes")
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def unbundle(content: bytes, *, width: int) -> tuple[bytes, ...]:
    """Return the entries of a bundle.

    Raises:
        TileWrong: it holds more or fewer, or ends within one.
    """
    entries, place = [], 0
    while place < len(content):
        end = place + 2 + int.from_bytes(content[place : place + 2])
        entries.append(content[place + 2 : end])
        place = end
    if place != len(content) or len(entries) != width:
        message = f"a bundle of {width} entries was expected"
        raise TileWrong(message)
    return tuple(entries)


@dataclass(slots=True)
class TileReader:
    """The hashes of a log of a size, read from its tiles; what `merkle` asks for.

    Attributes:
        size: entries in the log.
        read: returns the content of a tile; for a partial tile the content of a wider one serves as well.
    """

    size: int
    read: Callable[[Tile], bytes]
    _known: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def __call__(self, level: int, index: int) -> bytes:
        """Return the hash of the ``2**level`` entries from ``index << level``.

        Raises:
            TileWrong: a tile is too short.
        """
        tile_level, rest = divmod(level, _BITS)
        first = index << rest
        number, place = divmod(first, WIDTH)
        content = self._tile(tile_level, number)
        end = (place + (1 << rest)) * HASH_BYTES
        if end > len(content):
            message = f"the tile {tile_level}/{number} is too short"
            raise TileWrong(message)
        return subtree(content[place * HASH_BYTES : end])

    def _tile(self, level: int, number: int) -> bytes:
        known = self._known.get((level, number))
        if known is None:
            count = self.size >> (_BITS * level)
            width = min(WIDTH, count - number * WIDTH)
            if width < 1:
                message = f"a log of {self.size} entries has no tile {level}/{number}"
                raise TileWrong(message)
            known = self._known[level, number] = self.read(Tile(level, number, width))
        return known


def subtree(hashes: bytes) -> bytes:
    """Return the hash above a power of two of hashes that follow each other."""
    row = [hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES)]
    while len(row) > 1:
        row = [node_hash(row[place], row[place + 1]) for place in range(0, len(row), 2)]
    return row[0]


@dataclass(slots=True)
class TileWriter:
    """The right edge of a growing log: takes entries, gives the tiles that they fill or begin.

    Attributes:
        size: entries so far.
        edge: for each level the hashes of its last, unfinished tile.
        entries: the entries of the last, unfinished bundle.
    """

    size: int = 0
    edge: list[bytearray] = field(default_factory=list)
    entries: list[bytes] = field(default_factory=list)

    @classmethod
    def resumed(cls, size: int, *, read: Callable[[Tile], bytes]) -> "TileWriter":
        """Return the edge of a log that was written up to a size."""
        writer = cls(size=size)
        level = 0
        while count := size >> (_BITS * level):
            width = count % WIDTH
            content = read(Tile(level, count // WIDTH, width)) if width else b""
            writer.edge.append(bytearray(content[: width * HASH_BYTES]))
            level += 1
        if width := size % WIDTH:
            writer.entries = list(unbundle(read(Tile(ENTRIES, size // WIDTH, width)), width=width))
        return writer

    def append(self, entries: Sequence[bytes]) -> dict[Tile, bytes]:
        """Add entries; return the tiles that are full now, and the partial ones at the new edge."""
        written: dict[Tile, bytes] = {}
        for entry in entries:
            self.entries.append(entry)
            if len(self.entries) == WIDTH:
                written[Tile(ENTRIES, self.size // WIDTH)] = bundle(self.entries)
                self.entries.clear()
            self._add(0, leaf_hash(entry), written)
            self.size += 1
        return written | self._partial()

    def _add(self, level: int, value: bytes, written: dict[Tile, bytes]) -> None:
        if level == len(self.edge):
            self.edge.append(bytearray())
        tile = self.edge[level]
        tile += value
        if len(tile) == WIDTH * HASH_BYTES:
            number = self.size >> (_BITS * (level + 1))
            content = written[Tile(level, number)] = bytes(tile)
            tile.clear()
            self._add(level + 1, subtree(content), written)

    def _partial(self) -> dict[Tile, bytes]:
        found = {
            Tile(level, self.size >> (_BITS * (level + 1)), len(tile) // HASH_BYTES): bytes(tile)
            for level, tile in enumerate(self.edge)
            if tile
        }
        if self.entries:
            found[Tile(ENTRIES, self.size // WIDTH, len(self.entries))] = bundle(self.entries)
        return found

    def root(self) -> bytes:
        """Return the root of what was written, from the edge alone."""
        above: bytes | None = None
        for tile in self.edge:
            hashes = bytes(tile)
            while hashes:
                width = len(hashes) // HASH_BYTES
                last = width & -width
                part = subtree(hashes[-last * HASH_BYTES :])
                above = part if above is None else node_hash(part, above)
                hashes = hashes[: -last * HASH_BYTES]
        return EMPTY_ROOT if above is None else above
