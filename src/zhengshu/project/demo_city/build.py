"""Building the city's files: the same seed, number of persons and content give the same bytes."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from zhengshu.project.demo_city import registers_benefits as benefits
from zhengshu.project.demo_city import registers_economy as economy
from zhengshu.project.demo_city import registers_people as personal
from zhengshu.project.demo_city import truth
from zhengshu.project.demo_city.content import Content, read_content
from zhengshu.project.demo_city.draws import Chance
from zhengshu.project.demo_city.enterprises import Enterprises, draw_enterprises
from zhengshu.project.demo_city.faults import spoil
from zhengshu.project.demo_city.people import People, draw_people
from zhengshu.project.demo_city.sheets import Sheet
from zhengshu.project.demo_city.size import DEFAULT_PERSONS, DEFAULT_SEED
from zhengshu.project.demo_city.writers import write

PERSONS_PER_ENTERPRISE: Final = 4
MANIFEST: Final = "manifest.json"
FORMAT: Final = 2
"""Raised when this package writes other bytes for the same content."""

Progress = Callable[[str, int, int], None]
"""Told what is done now, how many steps are done, and how many there are."""


class FileEntry(msgspec.Struct, frozen=True):
    """One file of the city as the manifest names it."""

    path: str
    rows: int
    size: int
    digest: str
    faults: dict[str, int]


class Manifest(msgspec.Struct, frozen=True):
    """What a folder holds: enough to tell whether it has to be built again."""

    format: int
    content: str
    seed: int
    persons: int
    enterprises: int
    files: tuple[FileEntry, ...]

    def file(self, path: str) -> FileEntry:
        """Return the entry of a file."""
        return next(entry for entry in self.files if entry.path == path)


def build_city(
    *,
    folder: Path,
    persons: int = DEFAULT_PERSONS,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
    content: Content | None = None,
) -> Manifest:
    """Write the departments' files and the truth into a folder, unless the same city is there already.

    Args:
        folder: where; files of the same names are written over.
        persons: how many live in the city; a quarter as many firms trade there.
        seed: which city.
        progress: told of each step.
        content: the city's content; by default that of `packs/demo-city`.
    """
    pack = content or read_content()
    present = read_manifest(folder)
    if present and (present.format, present.content, present.seed, present.persons) == (
        FORMAT,
        pack.digest,
        seed,
        persons,
    ):
        return present
    (folder / MANIFEST).unlink(missing_ok=True)
    manifest = _build(pack, folder, persons=persons, seed=seed, progress=progress or _silent)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
    return manifest


def read_manifest(folder: Path) -> Manifest | None:
    """Return what a folder holds; None where no city was finished there."""
    file = folder / MANIFEST
    return msgspec.json.decode(file.read_bytes(), type=Manifest) if file.is_file() else None


def _build(content: Content, folder: Path, *, persons: int, seed: int, progress: Progress) -> Manifest:
    chance = Chance(seed)
    steps = len(content.faults.files) + 2
    progress("persons", 0, steps)
    people = draw_people(content, count=persons, chance=chance)
    progress("enterprises", 1, steps)
    firms = draw_enterprises(content, people, count=max(1, persons // PERSONS_PER_ENTERPRISE), chance=chance)
    elders, staff = benefits.draw_elders(content, people, chance), benefits.draw_staff(firms, chance)
    entries: list[FileEntry] = []
    with truth.Truth(folder / "truth") as book:
        sheets = (
            *_sheets(content, people, firms, chance),
            benefits.police_elders(elders, people),
            benefits.health_deaths(content, people, chance),
            benefits.market_small_firms(content, firms, staff),
        )
        for number, sheet in enumerate(sheets):
            progress(sheet.file, number + 2, steps)
            spoilt_sheet, spoilt = spoil(sheet, content, chance)
            file = write(spoilt_sheet, folder)
            book.add(spoilt_sheet, spoilt)
            faults = {f"{one.fault.fault}:{one.fault.column}".rstrip(":"): len(one.rows) for one in spoilt}
            entries.append(_entry(folder, file, rows=spoilt_sheet.rows, faults=faults))
    truth.write_people(people, folder / "truth")
    truth.write_enterprises(firms, folder / "truth")
    verdicts = benefits.write_benefits(people, elders, firms, staff, folder / "truth")
    for name, rows in (
        ("persons", people.size),
        ("enterprises", firms.size),
        ("records", book.records),
        ("faults", book.faults),
        ("benefits", verdicts),
    ):
        entries.append(_entry(folder, folder / "truth" / f"{name}.parquet", rows=rows, faults={}))
    progress("finished", steps, steps)
    return Manifest(FORMAT, content.digest, seed, persons, firms.size, tuple(entries))


def _sheets(content: Content, people: People, firms: Enterprises, chance: Chance) -> Iterator[Sheet]:
    yield personal.police_persons(content, people, chance)
    yield personal.police_households(content, people, chance)
    yield economy.social_insurance(content, people, firms, chance)
    yield economy.tax_taxpayers(content, people, firms, chance)
    yield economy.market_enterprises(content, people, firms, chance)
    yield economy.market_food_licences(content, people, firms, chance)
    yield economy.land_property(content, people, chance)
    yield personal.health_births(content, people, chance)
    yield personal.civil_marriages(content, people, chance)
    yield personal.civil_low_income(content, people, chance)
    yield economy.housing_contracts(content, people, chance)
    yield personal.disabled_certificates(content, people, chance)


def _entry(folder: Path, file: Path, *, rows: int, faults: dict[str, int]) -> FileEntry:
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return FileEntry(
        path=file.relative_to(folder).as_posix(),
        rows=rows,
        size=file.stat().st_size,
        digest=digest,
        faults=faults,
    )


def _silent(step: str, done: int, total: int) -> None:
    del step, done, total
