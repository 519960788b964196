"""Publishing the proof log: tiles first, then the checkpoint that counts on them."""

from pathlib import Path

from django.conf import settings

from zhengshu.contexts.trust.application.log_keys import log_verifiers, signers_after
from zhengshu.contexts.trust.application.sequence_log import log_size
from zhengshu.contexts.trust.models import LogEntry
from zhengshu.foundation.tlog import notes
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


class EntryMissing(RuntimeError):
    """An entry that was sequenced is not in the database any more: somebody removed it.

    Publishing what follows would move it into another place, so nothing is published. Restore the entry from a backup.
    """


def log_folder() -> LogFolder:
    """Return where the log is published."""
    return LogFolder(Path(settings.PROOF_LOG_FOLDER))


def missing_entries() -> int:
    """Return how many entries are missing in the database; reads the whole index, so it is asked nightly."""
    return log_size() - LogEntry.objects.count()


def published() -> Checkpoint | None:
    """Return the checkpoint that is published, or None before the first.

    Raises:
        NoteWrong: it was not signed by this log.
    """
    note = log_folder().checkpoint()
    if not note:
        return None
    text, _ = notes.opened(note, verifiers=log_verifiers())
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
            EntryMissing: one of them is not there any more.
        """
        rows = LogEntry.objects.filter(index__gte=self.size).order_by("index").values_list("index", "entry")
        found = list(rows[:MOST])
        if not found:
            return 0
        if found[-1][0] != self.size + len(found) - 1:
            message = (
                f"between the entries {self.size} and {found[-1][0]} one is missing; nothing is published"
            )
            raise EntryMissing(message)
        entries = [bytes(entry) for _index, entry in found]
        signers = signers_after(self.size, folder=self._folder)
        self._folder.write(self._writer.append(entries))
        self.size = self._writer.size
        text = Checkpoint(origin=settings.PROOF_LOG_ORIGIN, size=self.size, root=self._writer.root()).text
        self._folder.publish(notes.signed(text, signers=signers))
        return len(entries)
