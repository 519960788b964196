"""Values as other lists write them: nothing written as 无, full-width digits, limits in a dozen spellings."""

import re
from typing import Final

from zhengshu.contexts.services.domain.limits import ItemLimit, LimitUnit

_NOTHING: Final = frozenset(
    {
        "",
        "无",
        "暂无",
        "无。",
        "没有",
        "不涉及",
        "null",
        "none",
        "nil",
        "n/a",
        "na",
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\",
        "undefined",
        "空",
    }
)
_WIDE: Final = {
    **{0xFF10 + number: 0x30 + number for number in range(10)},
    **{0xFF21 + number: 0x41 + number for number in range(26)},
    **{0xFF41 + number: 0x61 + number for number in range(26)},
    **dict.fromkeys((0x3000, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0xFEFF, 0x200B, 0x09, 0x0D), 0x20),
    0xFF0E: 0x2E,
    0xFF0D: 0x2D,
}
_TAGS: Final = re.compile(r"<[a-zA-Z/!][^<>]{0,200}>")
_BLANKS: Final = re.compile(r"[ \n]+")

_DIGITS: Final = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_LIMIT: Final = re.compile(
    r"(?P<number>\d{1,5}|[零〇一二两三四五六七八九十百]{1,7})\s*[（(]?\s*(?:个)?\s*(?P<unit>法定工作日|工作日|自然日|工作小时|小时|个月|月|年|天|日|时|"
    r"working days?|days?|hours?|months?)?\s*[）)]?",
    re.IGNORECASE,
)
_AT_ONCE: Final = re.compile(r"即办|即时|当场|当天|当日|立即|即来即办|马上|立等可取|现场办结")
_NO_LIMIT: Final = frozenset({"不计时", "不限时", "无时限", "无期限", "不设时限", "无法定时限", "无限制"})
_HALF: Final = {"半年": "6个月", "半个月": "15天"}
_AROUND: Final = re.compile(
    r"自?(?:受理|收到申请)之日起|不超过|承诺|法定|办结|办理|时限|期限|[最长在为内以之：:（）()。\s]"
)
_UNITS: Final = {
    "法定工作日": LimitUnit.WORKING_DAYS,
    "工作日": LimitUnit.WORKING_DAYS,
    "工作小时": LimitUnit.WORKING_HOURS,
    "小时": LimitUnit.HOURS,
    "时": LimitUnit.HOURS,
    "自然日": LimitUnit.DAYS,
    "天": LimitUnit.DAYS,
    "日": LimitUnit.DAYS,
    "个月": LimitUnit.MONTHS,
    "月": LimitUnit.MONTHS,
    "年": LimitUnit.YEARS,
    "working day": LimitUnit.WORKING_DAYS,
    "working days": LimitUnit.WORKING_DAYS,
    "day": LimitUnit.DAYS,
    "days": LimitUnit.DAYS,
    "hour": LimitUnit.HOURS,
    "hours": LimitUnit.HOURS,
    "month": LimitUnit.MONTHS,
    "months": LimitUnit.MONTHS,
}


class LimitNotUnderstood(ValueError):
    """The text says something of a limit that is not understood; it goes into the report as it stands."""


def clean(text: object) -> str:
    """Return a value as it is kept: no words for nothing, narrow letters and digits, no tags, no stray blanks.

    >>> clean("　２０个工作日 ")
    '20个工作日'
    >>> clean("无")
    ''
    """
    if text is None or isinstance(text, bool):
        return ""
    plain = _BLANKS.sub(" ", _TAGS.sub(" ", str(text).translate(_WIDE).replace("\0", ""))).strip()
    return "" if plain.lower() in _NOTHING else plain


def read_limit(text: object, unit: str = "") -> ItemLimit | None:
    """Return the limit that a text says; None where it says that there is none.

    Args:
        text: as the list has it: ``20(工作日)``, ``二十个工作日``, ``即办``.
        unit: the unit, where it stands in a column of its own.

    Raises:
        LimitNotUnderstood: it says something else, or several limits.

    >>> read_limit("２０（工作日）")
    ItemLimit(value=20, unit=<LimitUnit.WORKING_DAYS: 'working_days'>, note='', basis='')
    """
    plain = clean(text)
    if not plain or plain in _NO_LIMIT:
        return None
    for half, whole in _HALF.items():
        plain = plain.replace(half, whole)
    found = [match for match in _LIMIT.finditer(plain) if match.group("number")]
    if not found:
        if _AT_ONCE.search(plain):
            return ItemLimit(value=0, unit=LimitUnit.AT_ONCE)
        raise LimitNotUnderstood(plain)
    rest = _AROUND.sub("", _LIMIT.sub("", plain))
    if len(found) > 1 or rest:
        raise LimitNotUnderstood(plain)
    number = _number(found[0].group("number"))
    said = (found[0].group("unit") or clean(unit)).lower()
    kind = _UNITS.get(said)
    if number == 0 and (kind or _AT_ONCE.search(said)):
        return ItemLimit(value=0, unit=LimitUnit.AT_ONCE)
    if kind is None or number == 0:
        raise LimitNotUnderstood(plain if not unit else f"{plain} {unit}")
    return ItemLimit(value=number, unit=kind)


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for letter in text:
        if letter in "十百":
            total += (digit or 1) * (10 if letter == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[letter]
    return total + digit


def lines_of(value: object) -> tuple[str, ...]:
    r"""Return the entries of a list, or the lines of a text, also the empty ones between them.

    >>> lines_of("一\n\n二")
    ('一', '', '二')
    """
    if value is None:
        return ()
    entries = value if isinstance(value, list | tuple) else str(value).split("\n")
    return tuple(clean(entry) for entry in entries)


def parts_of(value: object) -> tuple[str, ...]:
    """Return the entries of a list or of a text: its lines; where it has but one, what 、 ; or | separate.

    >>> parts_of("自然人、企业法人;无")
    ('自然人', '企业法人')
    """
    entries = [entry for entry in lines_of(value) if entry]
    if len(entries) == 1 and not isinstance(value, list | tuple):
        entries = [clean(entry) for entry in re.split(r"[、;；|]", entries[0])]
    return tuple(dict.fromkeys(plain for entry in entries if (plain := clean(entry.rstrip("；;、。 ")))))


def is_yes(text: object) -> bool | None:
    """Return whether a value says yes; None where it says neither."""
    plain = clean(text).lower()
    if plain in {"是", "1", "支持", "y", "yes", "true", "可", "可以", "能"}:
        return True
    if plain in {"否", "0", "不支持", "n", "no", "false", "不可", "不能", "不"}:
        return False
    return None
