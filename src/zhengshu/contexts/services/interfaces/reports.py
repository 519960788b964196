"""The report of an import for the console and for a file."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from zhengshu.contexts.services.application.import_items import ImportReport
from zhengshu.foundation.http.tables import harmless

HEAD = (
    "place",
    "outcome",
    "code",
    "name",
    "organ in the list",
    "organ here",
    "code of remark",
    "heading",
    "value",
)


def printed(report: ImportReport, *, most: int) -> Iterator[str]:
    """Yield what somebody at the console wants to know."""
    total = len(report.items)
    yield f"{total} records" + (" (trial, nothing written)" if report.is_trial else "")
    yield "  " + ", ".join(f"{count} {outcome.value}" for outcome, count in report.counts.items() if count)
    known = sum(1 for organ in report.spellings.values() if organ)
    yield f"  {len(report.spellings)} spellings of organs, {known} of them known here"
    notes = Counter((note.code, note.heading) for item in report.items for note in item.notes)
    for (code, heading), count in notes.most_common(most):
        yield f"  {count:>6} × {code} {heading}"
    for item in report.items:
        for fault in item.faults:
            yield f"  record {item.place} {item.name}: {fault.text()}"


def write_report(report: ImportReport, file: Path) -> None:
    """Write a line for each remark, or one for a record without any."""
    with file.open("w", encoding="utf-8-sig", newline="") as kept:
        writer = csv.writer(kept)
        writer.writerow(HEAD)
        for item in report.items:
            facts = (item.place, item.outcome.value, item.code, item.name, item.department, item.organ)
            remarks = [(note.code, note.heading, note.value) for note in item.notes]
            remarks += [(fault.code, fault.field, fault.text()) for fault in item.faults]
            writer.writerows(
                [harmless(cell) for cell in (*facts, *remark)] for remark in remarks or [("", "", "")]
            )
