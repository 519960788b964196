"""What a seal looks like: drawn from its name, or taken from a file and made plain."""

import io
import math

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from zhengshu.foundation.seals.fonts import SERIF
from zhengshu.foundation.seals.stamps import SealKind

MOST_BYTES = 1 << 20
MOST_PIXELS = 1200
LEAST_PIXELS = 120
_SIZE = 480
_RED = (200, 16, 32, 255)
_CLEAR = (0, 0, 0, 0)
_ARC_DEGREES, _ARC_OVER_CAPTION = 280, 220
_MOST_ARC_STEP = 30
_ONE_LINE = 2


class PictureUnfit(ValueError):
    """The file is no picture of a seal: a square or nearly square PNG of 120 to 1,200 pixels a side."""


def plain_picture(content: bytes) -> bytes:
    """Return a PNG picture as RGBA without anything else in it.

    Raises:
        PictureUnfit: it is none, or too small, too large or too long.
    """
    if len(content) > MOST_BYTES:
        raise PictureUnfit("more bytes than are taken")
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as found:
            if not all(LEAST_PIXELS <= side <= MOST_PIXELS for side in found.size):
                raise PictureUnfit("too small or too large")
            picture = found.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as fault:
        raise PictureUnfit("no PNG picture") from fault
    return _png(picture)


def draw_seal(*, kind: SealKind, name: str, caption: str = "") -> bytes:
    """Return a picture of a seal: round with a star for an organ or a department, square for a person."""
    picture = Image.new("RGBA", (_SIZE, _SIZE), _CLEAR)
    if kind is SealKind.PERSONAL:
        _draw_square(picture, name)
    else:
        _draw_round(picture, name, caption)
    return _png(picture)


def _draw_round(picture: Image.Image, name: str, caption: str) -> None:
    draw, middle = ImageDraw.Draw(picture), _SIZE / 2
    draw.ellipse((6, 6, _SIZE - 6, _SIZE - 6), outline=_RED, width=12)
    draw.polygon(_star(middle, radius=_SIZE * 0.15), fill=_RED)
    size = max(26, min(62, int(_SIZE * 2.2 / max(len(name), 8))))
    step = min(_MOST_ARC_STEP, (_ARC_OVER_CAPTION if caption else _ARC_DEGREES) / max(len(name), 1))
    start = -step * (len(name) - 1) / 2
    for place, letter in enumerate(name):
        _draw_on_arc(picture, letter, angle=start + step * place, size=size)
    if caption:
        font = ImageFont.truetype(str(SERIF), max(20, min(40, 230 // len(caption))))
        where = (middle, _SIZE * 0.8)
        draw.text(where, caption, font=font, fill=_RED, anchor="mm", stroke_width=1, stroke_fill=_RED)


def _draw_on_arc(picture: Image.Image, letter: str, *, angle: float, size: int) -> None:
    """Draw one letter upright to the middle, turned by an angle clockwise from the top."""
    tile = Image.new("RGBA", (size * 2, size * 2), _CLEAR)
    font = ImageFont.truetype(str(SERIF), size)
    ImageDraw.Draw(tile).text(
        (size, size), letter, font=font, fill=_RED, anchor="mm", stroke_width=1, stroke_fill=_RED
    )
    turned = tile.rotate(-angle, resample=Image.Resampling.BICUBIC, expand=False)
    radius, turn = _SIZE * 0.465 - size * 0.75, math.radians(angle)
    x, y = _SIZE / 2 + radius * math.sin(turn), _SIZE / 2 - radius * math.cos(turn)
    picture.alpha_composite(turned, (round(x - size), round(y - size)))


def _star(middle: float, *, radius: float) -> list[tuple[float, float]]:
    inner = radius * math.sin(math.pi / 10) / math.sin(7 * math.pi / 10)
    return [
        (middle + r * math.sin(math.pi * step / 5), middle - r * math.cos(math.pi * step / 5))
        for step in range(10)
        for r in ((radius, inner)[step % 2],)
    ]


def _draw_square(picture: Image.Image, name: str) -> None:
    """Draw a name seal: two columns read from the right, the last word 印 where it fills the square."""
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((10, 10, _SIZE - 10, _SIZE - 10), radius=18, outline=_RED, width=14)
    letters = (
        name if len(name) > _ONE_LINE + 1 else (f"{name}印" if len(name) == _ONE_LINE + 1 else f"{name}之印")
    )
    rows = math.ceil(len(letters) / 2)
    size = int(min((_SIZE - 80) / rows, (_SIZE - 80) / 2))
    font = ImageFont.truetype(str(SERIF), size)
    for place, letter in enumerate(letters):
        column, row = divmod(place, rows)
        x = _SIZE / 2 + (size / 2 if column == 0 else -size / 2) * 1.02
        y = _SIZE / 2 + (row - (rows - 1) / 2) * size * 1.02
        draw.text((x, y), letter, font=font, fill=_RED, anchor="mm", stroke_width=2, stroke_fill=_RED)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, format="PNG", optimize=True)
    return out.getvalue()
