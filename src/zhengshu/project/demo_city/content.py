"""The content of the demonstration city, as `packs/demo-city` states it."""

import hashlib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import msgspec.yaml
from django.conf import settings

from zhengshu.kernel.actors import Role

S = TypeVar("S", bound=msgspec.Struct)


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A region with its name."""

    code: str
    name: str


class County(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A district or county with its share of the people and its towns, numbered from 001."""

    code: str
    name: str
    weight: int
    towns: tuple[str, ...]


class Official(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One official and the role in which the person acts."""

    role: Role
    name: str


class Department(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An organ of the city; `key` names its folder and its accounts."""

    key: str
    code: str
    name: str
    short: str
    officials: tuple[Official, ...]
    is_data_authority: bool = False

    @property
    def region(self) -> str:
        """The region of which it is an organ."""
        return self.code[2:8]


class PublicAccounts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many of the city's people and firms have an account."""

    citizens: int
    mothers: int
    elders: int
    enterprises: int

    @property
    def total(self) -> int:
        """How many there are."""
        return self.citizens + self.mothers + self.elders + self.enterprises


class City(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`city.yaml`."""

    province: Place
    city: Place
    as_of: date
    area_code: str
    mobile_prefixes: tuple[str, ...]
    counties: tuple[County, ...]
    streets: tuple[str, ...]
    estates: tuple[str, ...]
    departments: tuple[Department, ...]
    public_accounts: PublicAccounts

    def department(self, key: str) -> Department:
        """Return the organ with that key."""
        return next(department for department in self.departments if department.key == key)


class Industry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A division of GB/T 4754 with what a firm of it is called and does."""

    code: str
    word: str
    weight: int
    scope: str
    is_food: bool = False


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A legal form: the end of the name, its official kind, the head of the credit code."""

    word: str
    kind: str
    head: str
    weight: int


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`words.yaml`."""

    surnames: Mapping[str, int]
    male: tuple[str, ...]
    female: tuple[str, ...]
    peoples: Mapping[str, int]
    variants: Mapping[str, str]
    brands: tuple[str, ...]
    brand_tails: tuple[str, ...]
    industries: tuple[Industry, ...]
    forms: tuple[Form, ...]
    hospitals: tuple[str, ...]


class FaultKind(StrEnum):
    """What can be wrong with a row."""

    CHECK_DIGIT_WRONG = "check_digit_wrong"
    VALUE_MISSING = "value_missing"
    FULL_WIDTH = "full_width"
    DATE_SPELLING = "date_spelling"
    NAME_VARIANT = "name_variant"
    CAPITAL_SPELLING = "capital_spelling"
    DEAD_STILL_INSURED = "dead_still_insured"
    ROW_DOUBLED = "row_doubled"
    ROW_SHIFTED = "row_shifted"


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of fault in one column of a file, for a share of its rows."""

    fault: FaultKind
    share: float
    column: str = ""


class Faults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`faults.yaml`."""

    spellings: tuple[str, ...]
    blanks: tuple[str, ...]
    files: Mapping[str, tuple[Fault, ...]]


class Content(msgspec.Struct, frozen=True):
    """All that the generator needs, with a digest of the files that it came from."""

    city: City
    words: Words
    faults: Faults
    digest: str


def pack_folder() -> Path:
    """Return the folder of the demonstration city's content."""
    return Path(settings.PACKS_FOLDER) / "demo-city"


def read_content(folder: Path | None = None) -> Content:
    """Read the content of the city.

    Raises:
        msgspec.ValidationError: a file does not have its form, with the place that failed.
    """
    pack = folder or pack_folder()
    files = [pack / name for name in ("city.yaml", "words.yaml", "faults.yaml")]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return Content(_read(files[0], City), _read(files[1], Words), _read(files[2], Faults), digest)


def _read(file: Path, form: type[S]) -> S:
    return msgspec.yaml.decode(file.read_bytes(), type=form)
