"""Sealed files with which anybody may try the public check; whoever installs the platform says which."""

from collections.abc import Mapping
from typing import ClassVar

from zhengshu.foundation.seals.ofd_writing import pack
from zhengshu.foundation.seals.packages import parts_of
from zhengshu.foundation.storage import data_folder
from zhengshu.kernel.errors import Kind, Refused

FILES = {"pdf": "example.pdf", "ofd": "example.ofd", "changed": "example-changed.ofd"}
PAGE = "Doc_0/Pages/Page_0/Content.xml"


class ExampleNotFound(Refused):
    """There is no such example; whoever installs the platform keeps some, or none."""

    code: ClassVar[str] = "trust.example-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such example."


def keep_examples(files: Mapping[str, bytes], *, change: tuple[str, str]) -> None:
    """Keep sealed files (`pdf`, `ofd`) as examples, and the OFD once more with words of its first page changed.

    Args:
        files: format → content; what is in them is read by everybody.
        change: which words become which in the example that the check is to refuse.
    """
    folder = data_folder("seals", "examples")
    kept = dict(files)
    if "ofd" in kept:
        parts = dict(parts_of(kept["ofd"]))
        parts[PAGE] = parts[PAGE].replace(change[0].encode(), change[1].encode())
        kept["changed"] = pack(parts)
    for name, content in kept.items():
        (folder / FILES[name]).write_bytes(content)


def examples() -> tuple[str, ...]:
    """Return which examples there are."""
    folder = data_folder("seals", "examples")
    return tuple(name for name, file in FILES.items() if (folder / file).is_file())


def example(*, name: str) -> tuple[str, bytes]:
    """Return the file name and the content of an example.

    Raises:
        ExampleNotFound: there is none.
    """
    if name not in examples():
        raise ExampleNotFound
    return FILES[name], (data_folder("seals", "examples") / FILES[name]).read_bytes()
