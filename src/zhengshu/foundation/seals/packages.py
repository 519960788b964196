"""An OFD package from a stranger: its parts by name, within limits; nothing outside the package is ever named."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping

from lxml import etree

MOST_PARTS = 2000
MOST_PART_BYTES = 16 << 20
MOST_UNPACKED = 64 << 20
MOST_TIMES_LARGER = 100
SMALL = 1 << 20
_ENCRYPTED = 0x1


class PackageUnfit(ValueError):
    """The bytes are no OFD package that we open; the text says why."""


def parts_of(content: bytes) -> Mapping[str, bytes]:
    """Return the parts of a package by their names.

    Raises:
        PackageUnfit: it is none, has too much in it, or two parts of one name.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            listed = [one for one in package.infolist() if not one.is_dir()]
            _check_list(listed, size=len(content))
            return {one.filename: _read(package, one) for one in listed}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as fault:
        raise PackageUnfit("the package is damaged") from fault


def _check_list(listed: list[zipfile.ZipInfo], *, size: int) -> None:
    names = [one.filename for one in listed]
    if len(names) > MOST_PARTS:
        raise PackageUnfit("the package has more parts than any that is genuine")
    if len({name.casefold() for name in names}) != len(names):
        raise PackageUnfit("two parts of the package have one name")
    if any(
        name.startswith(("/", "..")) or "\\" in name or posixpath.normpath(name) != name for name in names
    ):
        raise PackageUnfit("a part of the package has a name that leads elsewhere")
    if any(one.flag_bits & _ENCRYPTED for one in listed):
        raise PackageUnfit("a part of the package is under a password")
    unpacked = sum(one.file_size for one in listed)
    if unpacked > min(MOST_UNPACKED, max(SMALL, size * MOST_TIMES_LARGER)):
        raise PackageUnfit("the package would unfold into far more than it is")


def _read(package: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    with package.open(one) as part:
        content = part.read(MOST_PART_BYTES + 1)
    if len(content) > MOST_PART_BYTES or len(content) != one.file_size:
        raise PackageUnfit("a part of the package is larger than it says")
    return content


def parsed(content: bytes) -> etree._Element:
    """Return an XML part; no entities, nothing from outside.

    Raises:
        PackageUnfit: it is no XML, or declares a document type.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as fault:
        raise PackageUnfit("a part of the package is no XML") from fault
    if b"<!DOCTYPE" in content or root.getroottree().docinfo.internalDTD is not None:
        raise PackageUnfit("a part of the package declares a document type")
    return root


def resolved(location: str, *, base: str) -> str:
    """Return the name of a part that another part points to.

    Raises:
        PackageUnfit: it points out of the package.
    """
    joined = (
        location.removeprefix("/")
        if location.startswith("/")
        else posixpath.join(posixpath.dirname(base), location)
    )
    name = posixpath.normpath(joined)
    if name.startswith("..") or name == ".":
        raise PackageUnfit("a part of the package points out of it")
    return name
