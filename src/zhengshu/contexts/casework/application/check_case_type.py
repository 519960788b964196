"""Reading a case type's folder and telling its faults."""

from pathlib import Path

from zhengshu.contexts.casework.domain.checking import Fault, TypeFiles, check_files
from zhengshu.contexts.casework.domain.definitions import LANGUAGES
from zhengshu.contexts.casework.domain.faults import DECISION, DEFINITION, FLOW, FORM

TEXTS = "texts"

MOST_BYTES = 4 * 1024 * 1024
"""The largest file of a case type that is read."""


def check_case_type(*, folder: Path) -> tuple[Fault, ...]:
    """Return every fault of the case type in a folder, each with its file and element; none means it loads."""
    files, faults = readable(folder=folder)
    return faults if files is None else check_files(files)


def readable(*, folder: Path) -> tuple[TypeFiles | None, tuple[Fault, ...]]:
    """Return the files of a case type, or why they cannot be read."""
    faults = tuple(_missing(folder))
    if faults:
        return None, faults
    try:
        return read_folder(folder), ()
    except (OSError, UnicodeDecodeError) as fault:
        return None, (Fault(file=folder.name, element="", code="unreadable", details={"what": str(fault)}),)


def case_type_folders(*, folder: Path) -> tuple[Path, ...]:
    """Return the folders of case types in a folder, or the folder itself if it is one."""
    if (folder / DEFINITION).is_file():
        return (folder,)
    return tuple(sorted(place.parent for place in folder.glob(f"*/{DEFINITION}")))


def read_folder(folder: Path) -> TypeFiles:
    """Return the texts of a case type's files."""
    texts = {
        language: (folder / TEXTS / f"{language}.yaml").read_text(encoding="utf-8") for language in LANGUAGES
    }
    return TypeFiles(
        name=folder.name,
        definition=(folder / DEFINITION).read_text(encoding="utf-8"),
        flow=(folder / FLOW).read_text(encoding="utf-8"),
        texts=texts,
        forms=_by_code(folder, FORM),
        decisions=_by_code(folder, DECISION),
    )


def _by_code(folder: Path, ending: str) -> dict[str, str]:
    return {
        file.name.removesuffix(ending): file.read_text(encoding="utf-8")
        for file in sorted(folder.glob(f"*{ending}"))
    }


def _missing(folder: Path) -> list[Fault]:
    wanted = [DEFINITION, FLOW, *(f"{TEXTS}/{language}.yaml" for language in LANGUAGES)]
    wanted += sorted(file.name for ending in (FORM, DECISION) for file in folder.glob(f"*{ending}"))
    faults = []
    for name in wanted:
        file = folder / name
        if not file.is_file():
            faults.append(Fault(file=name, element="", code="file-missing"))
        elif file.stat().st_size > MOST_BYTES:
            faults.append(Fault(file=name, element="", code="file-too-large", details={"most": MOST_BYTES}))
    return faults
