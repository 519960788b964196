"""A case type's folder as one zip file: bounded and checked on the way in."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import ClassVar

from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.domain.definitions import LANGUAGES
from zhengshu.contexts.casework.domain.faults import DECISION, DEFINITION, FLOW, FORM
from zhengshu.kernel.errors import Refused

MOST_PACKED = 4 * 1024 * 1024
MOST_UNPACKED = 8 * 1024 * 1024
MOST_FILES = 60

_CODE = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_NEEDED = (DEFINITION, FLOW, *(f"texts/{language}.yaml" for language in LANGUAGES))


class ArchiveUnfit(Refused):
    """The file is no zip of a case type's folder; download a case type to see what one looks like."""

    code: ClassVar[str] = "casework.archive-unfit"
    message: ClassVar[str] = "The file cannot be taken: %(what)s."


def pack(files: TypeFiles) -> bytes:
    """Return a case type's folder as a zip file; the same files give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in sorted(files.contents().items()):
            archive.writestr(zipfile.ZipInfo(f"{files.name}/{path}"), text.encode(), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def unpack(content: bytes, *, name: str = "") -> TypeFiles:
    """Return the files of a case type in a zip file, with or without a folder around them.

    Nothing is written anywhere; a path that leaves the folder, a file that a case type does not have and
    anything larger than a case type can be are refused before they are unpacked.

    Raises:
        ArchiveUnfit: it is no such zip; says why.
    """
    if len(content) > MOST_PACKED:
        raise ArchiveUnfit(what=f"it is larger than {MOST_PACKED // 1024 // 1024} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            texts = _texts(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as fault:
        raise ArchiveUnfit(what=f"it is no readable zip file ({fault})") from fault
    except UnicodeDecodeError as fault:
        raise ArchiveUnfit(what="a file in it is not UTF-8 text") from fault
    folder, inside = _without_folder(texts)
    missing = [path for path in _NEEDED if path not in inside]
    if missing:
        raise ArchiveUnfit(what=f"{missing[0]} is missing")
    return TypeFiles(
        name=name or folder,
        definition=inside[DEFINITION],
        flow=inside[FLOW],
        texts={language: inside[f"texts/{language}.yaml"] for language in LANGUAGES},
        forms=_ending(inside, FORM),
        decisions=_ending(inside, DECISION),
    )


def _texts(archive: zipfile.ZipFile) -> dict[str, str]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise ArchiveUnfit(what=f"it has more than {MOST_FILES} files")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise ArchiveUnfit(what=f"its files are larger than {MOST_UNPACKED // 1024 // 1024} MB together")
    texts: dict[str, str] = {}
    left = MOST_UNPACKED
    for entry in entries:
        if entry.filename in texts:
            raise ArchiveUnfit(what=f"{entry.filename} is in it twice")
        with archive.open(entry) as file:
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise ArchiveUnfit(what=f"its files are larger than {MOST_UNPACKED // 1024 // 1024} MB together")
        texts[entry.filename] = content.decode()
    return texts


def _without_folder(texts: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the folder around the files, and the files by their path in it."""
    definition = next((path for path in texts if path.rpartition("/")[2] == DEFINITION), "")
    folder = definition.rpartition("/")[0]
    if "/" in folder or (folder and not _CODE.fullmatch(folder)):
        raise ArchiveUnfit(what=f"{definition} lies too deep")
    inside: dict[str, str] = {}
    for path, text in texts.items():
        name = path.removeprefix(f"{folder}/") if folder else path
        if (folder and name == path) or not _is_known(name):
            raise ArchiveUnfit(what=f"a case type has no file “{path[:100]}”")
        inside[name] = text
    return folder, inside


def _is_known(path: str) -> bool:
    ending = FORM if path.endswith(FORM) else DECISION
    return path in _NEEDED or (path.endswith(ending) and bool(_CODE.fullmatch(path.removesuffix(ending))))


def _ending(inside: Mapping[str, str], ending: str) -> dict[str, str]:
    return {path.removesuffix(ending): text for path, text in inside.items() if path.endswith(ending)}
