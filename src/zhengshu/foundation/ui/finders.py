"""The staticfiles finder for the files of npm packages."""

from collections.abc import Iterable, Iterator
from typing import Literal, overload

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage
from django.core.checks import Warning as CheckWarning
from django.core.files.storage import FileSystemStorage

from zhengshu.foundation.ui.vendor import FOLDERS, VendorFolder

Paths = list[str]
Messages = list[CheckMessage]


class _PackageStorage(FileSystemStorage):
    """A folder of a package; `prefix` tells `collectstatic` where its files go."""

    def __init__(self, folder: VendorFolder) -> None:
        super().__init__(location=str(folder.path))
        self.prefix = folder.prefix


class VendorFinder(BaseFinder):
    """Find the files that `vendor.FOLDERS` names, and no others."""

    def check(self, **_kwargs: object) -> Messages:
        """Say which packages are not installed."""
        return [
            CheckWarning(f"{folder.folder} is not installed: run npm ci", id="zhengshu.W001")
            for folder in FOLDERS
            if not folder.path.is_dir()
        ]

    @overload
    def find(self, path: str, find_all: Literal[False] = ...) -> str | None: ...

    @overload
    def find(self, path: str, find_all: Literal[True]) -> Paths: ...

    def find(self, path: str, find_all: bool = False) -> str | Paths | None:  # noqa: FBT001, FBT002 - Django's signature
        """Return the absolute path of a served file; all of them (one at most) when asked."""
        found = [
            str(folder.path / name)
            for folder in FOLDERS
            for name in folder.files()
            if f"{folder.prefix}/{name}" == path
        ]
        if find_all:
            return found
        return found[0] if found else []  # an empty list is how Django's own finders say no

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield every served file with the storage that opens it."""
        ignored = [*(ignore_patterns or ())]
        for folder in FOLDERS:
            storage = _PackageStorage(folder)
            for name in folder.files():
                if not matches_patterns(name, ignored):
                    yield name, storage
