"""How many pixels a picture unfolds into, read from its head; nothing is decoded."""

import struct
from typing import Final

from zhengshu.foundation.files.kinds import Content

MOST_PIXELS: Final = 200_000_000
"""A drawing of 84 by 60 cm, scanned at 450 dots an inch; a bomb has billions."""

_MOST_SEGMENTS: Final = 10_000
_MARKER: Final = 0xFF
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_SCAN: Final = 0xDA
_PART: Final = 0x3FFF


def pixels_of(content: Content) -> int | None:
    """Return the pixels of a PNG, JPEG or WebP; None for anything else, and where the head does not tell.

    >>> pixels_of(bytes.fromhex("89504e470d0a1a0a0000000d49484452") + struct.pack(">II", 60_000, 60_000))
    3600000000
    """
    head = content[:32]
    try:
        if head.startswith(b"\x89PNG") and head[12:16] == b"IHDR":
            width, height = struct.unpack(">II", head[16:24])
        elif head.startswith(b"\xff\xd8"):
            width, height = _of_jpeg(content)
        elif head[8:12] == b"WEBP":
            width, height = _of_webp(head)
        else:
            return None
    except (struct.error, IndexError):
        return None
    return int(width) * int(height)


def _of_jpeg(content: Content) -> tuple[int, int]:
    at = 2
    for _segment in range(_MOST_SEGMENTS):
        marker, code = content[at], content[at + 1]
        if marker != _MARKER or code == _SCAN:
            raise IndexError
        if code == _MARKER:
            at += 1
        elif code in _ALONE:
            at += 2
        elif code in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    raise IndexError


def _of_webp(head: bytes) -> tuple[int, int]:
    match head[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return 1 + (bits & _PART), 1 + (bits >> 14 & _PART)
        case _:
            width, height = struct.unpack("<HH", head[26:30])
            return width & _PART, height & _PART
