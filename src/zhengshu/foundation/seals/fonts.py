"""The fonts that documents are set in, and whether they have every character of a text."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTFont

FOLDER = Path(pylopdf_fonts_zh_cn.__file__).parent
SERIF = FOLDER / "NotoSerifSC-Regular.otf"
SANS = FOLDER / "NotoSansSC-Regular.otf"
SERIF_NAME = "Noto Serif SC"
SPACES = frozenset("\n\r\t")


def missing_characters(texts: Iterable[str]) -> str:
    """Return the characters that the document's font does not have, each once, in their order.

    A rare name must not become an empty box in a sealed document; GB 18030-2022 has more characters than any free
    font.
    """
    known = _characters()
    return "".join(dict.fromkeys(one for text in texts for one in text if ord(one) not in known))


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    with TTFont(SERIF, lazy=True) as font:
        return frozenset(font.getBestCmap()) | {ord(one) for one in SPACES}
