"""A stranger's file is checked in a process of its own, which may use so much time and memory and no more.

    python -m zhengshu.foundation.seals.checking < question > answer

The question is one line of JSON (`Question`), then the file; the answer is JSON, an `Answer`.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from threading import BoundedSemaphore
from typing import BinaryIO, ClassVar

import msgspec

from zhengshu.foundation.crypto.certificates import Certificate
from zhengshu.foundation.files.judging import judge
from zhengshu.foundation.seals.findings import FileKind, Report
from zhengshu.kernel.errors import Kind, Refused

MOST_BYTES = 20 << 20
TAKEN = (".pdf", ".ofd")
SECONDS = 20
MEMORY_BYTES = 1 << 30
AT_ONCE = 2
_STARTS: Mapping[bytes, str] = {b"%PDF-": ".pdf", b"PK\x03\x04": ".ofd"}

_ENVIRONMENT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG")
"""Nothing else of ours is known to the process that opens a stranger's file."""

_places = BoundedSemaphore(AT_ONCE)


class FileNotChecked(Refused):
    """The file is damaged, or built so that its check would need more than any genuine file does."""

    code: ClassVar[str] = "seals.file-not-checked"
    message: ClassVar[str] = (
        "This file cannot be checked: it is damaged, or built in a way that no program for sealed documents builds it. "
        "Ask whoever gave it to you for the original file."
    )


class NoPdfOrOfd(Refused):
    """The file is neither a PDF nor an OFD document."""

    code: ClassVar[str] = "seals.no-pdf-or-ofd"
    message: ClassVar[str] = (
        "This is neither a PDF nor an OFD document. A photo or a scan of a seal proves nothing."
    )


class CheckingBusy(Refused):
    """As many files are being checked as may be at once."""

    code: ClassVar[str] = "seals.checking-busy"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    message: ClassVar[str] = "Several files are being checked at the moment. Try again in a few seconds."


class Question(msgspec.Struct, frozen=True):
    """What the checking process is told beside the file."""

    kind: FileKind
    at: datetime
    roots: tuple[bytes, ...]
    between: tuple[bytes, ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """What it says: a report, or why there is none."""

    report: Report | None = None
    trouble: str = ""


def check_file(
    content: bytes,
    *,
    roots: tuple[Certificate, ...],
    between: tuple[Certificate, ...] = (),
    at: datetime,
) -> Report:
    """Return what is found in a file; what it is is told by its content, whatever it is called.

    Raises:
        NoPdfOrOfd: it is something else.
        FileNotChecked: it is damaged or hostile.
        CheckingBusy: too many are being checked.
        Refused: by `judge`: a bomb, a script, a password.
    """
    ending = next((ending for start, ending in _STARTS.items() if content.startswith(start)), None)
    if ending is None:
        raise NoPdfOrOfd
    judge(content, name=f"file{ending}", taken=TAKEN)
    question = Question(
        kind=FileKind(ending[1:]),
        at=at,
        roots=tuple(one.der for one in roots),
        between=tuple(one.der for one in between),
    )
    answer = _ask(msgspec.json.encode(question) + b"\n" + content)
    if answer.report is None:
        raise FileNotChecked
    return answer.report


def _ask(question: bytes) -> Answer:
    if not _places.acquire(timeout=1):
        raise CheckingBusy
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the stranger's file is its input only
            [sys.executable, "-m", __name__],
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            input=question,
            capture_output=True,
            timeout=SECONDS * 2,
            check=False,
        )
        return msgspec.json.decode(done.stdout, type=Answer)
    except (subprocess.TimeoutExpired, msgspec.MsgspecError) as fault:
        raise FileNotChecked from fault
    finally:
        _places.release()


def answer(source: BinaryIO) -> Answer:
    """Return the answer to a question; it runs in the process of its own."""
    from zhengshu.foundation.seals.ofd_checking import Trust, check_ofd
    from zhengshu.foundation.seals.packages import PackageUnfit
    from zhengshu.foundation.seals.pdf_checking import PdfUnfit, check_pdf
    from zhengshu.foundation.seals.structures import MALFORMED

    question = msgspec.json.decode(source.readline(), type=Question)
    content = source.read()
    trust = Trust(
        roots=tuple(Certificate.read(der) for der in question.roots),
        between=tuple(Certificate.read(der) for der in question.between),
    )
    check = check_ofd if question.kind is FileKind.OFD else check_pdf
    try:
        return Answer(report=Report(kind=question.kind, findings=check(content, trust=trust, at=question.at)))
    except (PackageUnfit, PdfUnfit) as fault:
        return Answer(trouble=str(fault))
    except (*MALFORMED, MemoryError, RecursionError) as fault:
        return Answer(trouble=f"the file cannot be read: {type(fault).__name__}")


def main() -> None:
    """Read the question, answer it, with limits that the system enforces."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(msgspec.json.encode(answer(sys.stdin.buffer)))


if __name__ == "__main__":
    main()
