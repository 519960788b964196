"""Publishing the proof log: tiles first, then the checkpoint that counts on them."""

from pathlib import Path

from django.conf import settings

from zhengshu.contexts.trust.application.sequence_log import log_size
from zhengshu.contexts.trust.models import LogEntry
from zhengshu.foundation.tlog import notes
from zhengshu.foundation.tlog.keys import log_signers, log_vkeys
from zhengshu.foundation.tlog.notes import Checkpoint
from zhengshu.foundation.tlog.store import LogFolder
from zhengshu.foundation.tlog.tiles import TileWriter

MOST = 16_384
"""Entries that are published at once."""


class LogAheadOfDatabase(RuntimeError):
    """The published log has more entries than the database: the database was restored from an older copy.

    Publishing again would fork the log, so nothing is published. Restore the database's missing transactions, or
    begin a log with another origin (`ZHENGSHU_PROOF_LOG_ORIGIN`) and another folder.
    """


def log_folder() -> LogFolder:
    """Return where the log is published."""
    return LogFolder(Path(settings.PROOF_LOG_FOLDER))


def published() -> Checkpoint | None:
    """Return the checkpoint that is published, or None before the first.

    Raises:
        NoteWrong: it was not signed by this log.
    """
    note = log_folder().checkpoint()
    if not note:
        return None
    text, _ = notes.opened(
        note, verifiers=[notes.verifier(vkey) for vkey in log_vkeys(settings.PROOF_LOG_ORIGIN)]
    )
    return Checkpoint.of_text(text)


class Publisher:
    """Keeps the right edge of the log between rounds; a fresh one finds it in the files."""

    def __init__(self) -> None:
        """Stand where the last checkpoint stands.

        Raises:
            LogAheadOfDatabase: the files know entries that the database does not.
        """
        self._folder = log_folder()
        last = published()
        size = last.size if last else 0
        if size > log_size():
            message = f"the published log has {size} entries, the database {log_size()}; nothing is published"
            raise LogAheadOfDatabase(message)
        self._writer = TileWriter.resumed(size, read=self._folder.read)
        self.size = size

    def publish(self) -> int:
        """Publish what was sequenced since; return how many entries that were.

        Raises:
            TileRewritten: the database has other entries than those that were published.
        """
        rows = LogEntry.objects.filter(index__gte=self.size).order_by("index").values_list("entry", flat=True)
        entries = [bytes(entry) for entry in rows[:MOST]]
        if not entries:
            return 0
        self._folder.write(self._writer.append(entries))
        self.size = self._writer.size
        text = Checkpoint(origin=settings.PROOF_LOG_ORIGIN, size=self.size, root=self._writer.root()).text
        self._folder.publish(notes.signed(text, signers=log_signers(settings.PROOF_LOG_ORIGIN)))
        return len(entries)
