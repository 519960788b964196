"""Headings as other lists spell them: the same word in capitals, with a star, with a remark in brackets."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from zhengshu.contexts.services.domain.lists.columns import HEADINGS, LEFT_ASIDE

_BRACKETS: Final = re.compile(r"[(\[【〔](?P<inside>[^)\]】〕]*)[)\]】〕]$")
_BETWEEN: Final = re.compile(r"[\s_*:.\-]+")
_UNIT: Final = re.compile(r"工作日|自然日|工作小时|小时|个月|天|日|月|年")
_OF_MATERIALS: Final = "material_"
_LIMITS: Final = ("statutory", "promised")


def _letters(heading: str) -> str:
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", heading)).casefold()


_ALL: Final = tuple((heading, element) for element, headings in HEADINGS.items() for heading in headings)
_ELEMENTS: Final[Mapping[str, str]] = dict(reversed(_ALL))
_KNOWN: Final[Mapping[str, str]] = {
    _letters(heading): heading
    for heading in (*LEFT_ASIDE, *(heading for heading, _element in reversed(_ALL)))
}
"""Letters → the heading that has them, the first of several."""
_NAMES: Final = frozenset(HEADINGS["name"])
_LABELS: Final = ("name", "label", "text", "value")
_MOST_REMEMBERED: Final = 4096


@lru_cache(maxsize=_MOST_REMEMBERED)
def known_heading(heading: str) -> str:
    """Return the heading as it stands in `columns`; as it is where it is none of those.

    >>> known_heading("taskName"), known_heading("*法定时限（工作日）"), known_heading("备注")
    ('TASK_NAME', '法定时限', '备注')
    """
    if heading in _ELEMENTS or heading in LEFT_ASIDE:
        return heading
    plain = _letters(heading)
    return _KNOWN.get(plain) or _KNOWN.get(_BRACKETS.sub("", plain)) or heading


def is_known(heading: str) -> bool:
    """Whether it names an element, or something that is known and not needed."""
    known = known_heading(heading)
    return known in _ELEMENTS or known in LEFT_ASIDE


def names_an_item(values: Mapping[str, object]) -> bool:
    """Whether a record has a heading for the name of an item."""
    return any(known_heading(heading) in _NAMES for heading in values)


def with_known_headings(values: Mapping[str, object]) -> dict[str, object]:
    """Return a record by the headings that are known, what stands in its objects drawn out of them.

    A unit in the brackets of a limit's heading becomes its unit; materials that are objects become a list of names and
    a list of each thing that is said of them.

    >>> with_known_headings({"承诺时限（工作日）": "5"})
    {'承诺时限': '5', '承诺办结时限单位': '工作日'}
    """
    found: dict[str, object] = {}
    for heading, value in values.items():
        known = known_heading(heading)
        is_taken = known != heading and (known in values or known in found)
        found[heading if is_taken else known] = value
    for heading, value in tuple(found.items()):
        element = _ELEMENTS.get(heading, "")
        if element == "materials" and _are_objects(value):
            found |= {**_columns(value), heading: [_label(one) for one in _entries(value)]}
        elif element and isinstance(value, dict | list):
            found[heading] = [_label(one) for one in value] if isinstance(value, list) else _label(value)
    for heading in values:
        _add_unit(found, heading)
    return found


def _add_unit(found: dict[str, object], heading: str) -> None:
    remark = _BRACKETS.search(_letters(heading))
    unit = _UNIT.search(remark["inside"]) if remark else None
    element = _ELEMENTS.get(known_heading(heading))
    if unit and element in _LIMITS and heading not in found:
        found.setdefault(HEADINGS[f"{element}_unit"][0], unit[0])


def _are_objects(value: object) -> bool:
    return any(isinstance(one, dict) for one in _entries(value))


def _entries(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _label(value: object) -> object:
    """Return what an object is called: the name of a material, of an organ; anything else as it is."""
    if not isinstance(value, dict):
        return value
    plain = {known_heading(str(key)): one for key, one in value.items()}
    of_materials = [plain[one] for one in HEADINGS["materials"] if plain.get(one)]
    named = [plain[one] for one in (*HEADINGS["name"], *_LABELS) if plain.get(one)]
    return next(iter((*of_materials, *named)), "" if not value else str(value))


def _columns(value: object) -> dict[str, object]:
    """Return what objects say of materials: heading → one text for each of them."""
    rows = [
        {known_heading(str(key)): text for key, text in one.items()} if isinstance(one, dict) else {}
        for one in _entries(value)
    ]
    headings = dict.fromkeys(heading for row in rows for heading in row)
    return {
        heading: [_label(row.get(heading, "")) for row in rows]
        for heading in headings
        if _ELEMENTS.get(heading, "").startswith(_OF_MATERIALS)
    }
