"""The fonts that documents are set in, and whether they have every character of a text."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import structlog
from django.conf import settings
from fontTools.ttLib import TTFont, TTLibError

FOLDER = Path(pylopdf_fonts_zh_cn.__file__).parent
SERIF = FOLDER / "NotoSerifSC-Regular.otf"
SANS = FOLDER / "NotoSansSC-Regular.otf"
SERIF_NAME = "Noto Serif SC"
SPACES = frozenset("\n\r\t")
ENDINGS = frozenset({".ttf", ".otf", ".ttc"})

log = structlog.get_logger(__name__)


def missing_characters(texts: Iterable[str], *, known: frozenset[int] | None = None) -> str:
    """Return the characters that no font of documents has, each once, in their order.

    A rare name must not become an empty box in a sealed document; GB 18030-2022 has more characters than any free
    font. An operator adds fonts that have them by `ZHENGSHU_FONTS`.

    Args:
        texts: what is to be set.
        known: the code points that can be set, where they are not those of all fonts.
    """
    known = characters() if known is None else known
    return "".join(dict.fromkeys(one for text in texts for one in text if ord(one) not in known))


@lru_cache(maxsize=1)
def characters() -> frozenset[int]:
    """Return the code points that documents can be set with: those of our serif and of the operator's own fonts."""
    return serif_characters().union(*(_characters_of(file) for file in _own_files()))


@lru_cache(maxsize=1)
def serif_characters() -> frozenset[int]:
    """Return the code points of our serif, for what is written with it alone: seals, and letters that stay text."""
    return _characters_of(SERIF) | {ord(one) for one in SPACES}


def folders() -> tuple[Path, ...]:
    """Return where the fonts of documents lie: ours, and the operator's own ones."""
    return (FOLDER, *([Path(settings.FONTS_FOLDER)] if settings.FONTS_FOLDER else []))


def _own_files() -> list[Path]:
    files = (file for folder in folders()[1:] for file in folder.rglob("*"))
    return sorted(one for one in files if one.suffix.lower() in ENDINGS)


def _characters_of(file: Path) -> frozenset[int]:
    try:
        with file.open("rb") as stream, TTFont(stream, lazy=True, fontNumber=0) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError) as fault:
        log.warning("seals.font-not-readable", file=str(file), why=type(fault).__name__)
        return frozenset()
