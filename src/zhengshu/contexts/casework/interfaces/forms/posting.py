"""What a page of a form sends: answers, and what was clicked."""

from dataclasses import dataclass
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from zhengshu.contexts.casework.application.forms.attach_files import Upload
from zhengshu.contexts.casework.application.forms.save_answers import EntryChange
from zhengshu.contexts.casework.domain.forms.schema import Place

CONTROL = "_"
"""Names that begin with it belong to the page and not to the form; no key may."""

NEXT, SAVE = "next", "save"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One page as it was sent.

    Attributes:
        typed: place → texts.
        action: `NEXT`, `SAVE` or the change of a repeated group.
        change: that change.
        version: the version of the case type with which the page was drawn.
        shown: the places that were to be seen when the page was sent.
        is_from_check: whether the page was opened from the list of all answers.
    """

    typed: dict[Place, tuple[str, ...]]
    action: str
    change: EntryChange | None
    version: UUID
    shown: frozenset[Place]
    is_from_check: bool
    dropped: tuple[Place, str]
    """Place and digest of the file that is to be taken off; empty texts for none."""


def posted(data: QueryDict) -> Posted:
    """Read what a page sent."""
    typed = {
        name: tuple(str(text) for text in data.getlist(name))
        for name in data
        if not name.startswith(CONTROL) and name != "csrfmiddlewaretoken"
    }
    action = str(data.get("_action", NEXT))
    return Posted(
        typed=typed,
        action=action,
        change=_change(action),
        version=_uuid(str(data.get("_version", ""))),
        shown=frozenset(str(data.get("_shown", "")).split()),
        is_from_check=data.get("_from") == "check",
        dropped=_dropped(action),
    )


def _change(action: str) -> EntryChange | None:
    kind, _, rest = action.partition(":")
    key, _, number = rest.partition(":")
    if kind == "add":
        return EntryChange(kind="add", key=key)
    if kind == "remove" and number.isascii() and number.isdigit():
        return EntryChange(kind="remove", key=key, number=int(number[:4]))
    return None


def _dropped(action: str) -> tuple[Place, str]:
    kind, _, rest = action.partition(":")
    place, _, digest = rest.partition(":")
    return (place, digest) if kind == "drop" else ("", "")


def uploads_of(files: "MultiValueDict[str, UploadedFile[bytes]]") -> dict[Place, tuple[Upload, ...]]:
    """Return the files that a page sent, to be read piece by piece."""
    return {
        str(place): tuple(
            Upload(name=str(file.name or ""), chunks=file.chunks()) for file in files.getlist(place)
        )
        for place in files
    }


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
