"""The bundles that the packs declare."""

from functools import lru_cache
from pathlib import Path
from typing import ClassVar

import msgspec
from django.conf import settings

from zhengshu.contexts.services.domain.one_things import OneThing, Part
from zhengshu.kernel.errors import Kind, Refused


class OneThingNotFound(Refused):
    """There is no such bundle, or it is somebody else's."""

    code: ClassVar[str] = "services.one-thing-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such matter of yours."


@lru_cache(maxsize=1)
def one_things() -> tuple[OneThing, ...]:
    """Return all bundles of `packs/one-things`.

    Raises:
        msgspec.ValidationError: a file does not have its form, with the place that failed.
    """
    folder = Path(settings.PACKS_FOLDER) / "one-things"
    return tuple(
        msgspec.yaml.decode(file.read_bytes(), type=OneThing) for file in sorted(folder.glob("*.yaml"))
    )


def one_thing(code: str) -> OneThing:
    """Return a bundle.

    Raises:
        OneThingNotFound: there is none of that code.
    """
    found = next((one for one in one_things() if one.code == code), None)
    if found is None:
        raise OneThingNotFound
    return found


def part_of_item(item: str) -> Part | None:
    """Return how the pack of a bundle issues an item's certificate, also without the bundle; None where not."""
    parts = (part for thing in one_things() for part in thing.parts)
    return next((part for part in parts if part.item == item and part.result is not None), None)
