"""A log's files in a folder: tiles are written once, the checkpoint is replaced at once."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from zhengshu.foundation.tlog.merkle import HASH_BYTES
from zhengshu.foundation.tlog.tiles import ENTRIES, WIDTH, Tile, bundle, unbundle

CHECKPOINT, WITNESSED, HANDOVER = "checkpoint", "checkpoint.witnessed", "handover"


def handover_path(version: int) -> str:
    """Return where a log serves the handover to the keys of a number; the first keys have none."""
    return f"{HANDOVER}/{version}"


class TileRewritten(RuntimeError):
    """A tile that was published would get other content: the database and the log's files do not belong together.

    Find out which of the two was changed or restored from an old copy; nothing was written.
    """


class LogFolder:
    """Where a log is published from.

    Args:
        folder: made when it is missing; its content may be served as it is.
    """

    def __init__(self, folder: Path) -> None:
        """Remember the folder."""
        self.folder = folder

    def read(self, tile: Tile) -> bytes:
        """Return a tile; a partial one also from a full one that has replaced it.

        Raises:
            FileNotFoundError: the log has no such tile.
        """
        file = self.folder / tile.path
        if tile.width == WIDTH or file.is_file():
            return file.read_bytes()
        whole = (self.folder / Tile(tile.level, tile.number).path).read_bytes()
        if tile.level == ENTRIES:
            return bundle(unbundle(whole, width=WIDTH)[: tile.width])
        return whole[: tile.width * HASH_BYTES]

    def write(self, tiles: Mapping[Tile, bytes]) -> None:
        """Bring tiles to disk; those that are there already stay as they are.

        Raises:
            TileRewritten: one is there with other content; nothing is written.
        """
        fresh = {tile: content for tile, content in tiles.items() if not self._is_there(tile, content)}
        for tile, content in fresh.items():
            self._put(self.folder / tile.path, content)
        for folder in {(self.folder / tile.path).parent for tile in fresh}:
            _sync_folder(folder)
        for tile in fresh:
            if tile.width == WIDTH:
                shutil.rmtree(self.folder / f"{tile.path}.p", ignore_errors=True)

    def checkpoint(self) -> str:
        """Return the published checkpoint, or an empty text before the first."""
        try:
            return (self.folder / CHECKPOINT).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    def publish(self, note: str) -> None:
        """Replace the checkpoint; readers see the former or this one."""
        self._put(self.folder / CHECKPOINT, note.encode())
        _sync_folder(self.folder)

    def witnessed(self) -> str:
        """Return the newest checkpoint that enough witnesses have cosigned, or an empty text."""
        try:
            return (self.folder / WITNESSED).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    def publish_witnessed(self, note: str) -> None:
        """Keep a checkpoint with the cosignatures that it got."""
        self._put(self.folder / WITNESSED, note.encode())
        _sync_folder(self.folder)

    def handover(self, version: int) -> str:
        """Return the file by which others follow to the keys of a number, or an empty text."""
        try:
            return (self.folder / handover_path(version)).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    def publish_handover(self, version: int, text: str) -> None:
        """Keep the file by which others follow to new keys."""
        self._put(self.folder / handover_path(version), text.encode())
        _sync_folder(self.folder / HANDOVER)

    def _is_there(self, tile: Tile, content: bytes) -> bool:
        file = self.folder / tile.path
        if not file.is_file():
            return False
        if file.read_bytes() != content:
            message = f"{tile.path} was published with other content; nothing was written"
            raise TileRewritten(message)
        return True

    def _put(self, file: Path, content: bytes) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.draft")
        with draft.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
