"""Outlines as SVG writes them, and the matrices that move them: enough for what Typst and the codes draw."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

_PIECES = re.compile(r"([A-Za-z])|(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)")
_TAKES: Final = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "Z": 0}
"""How many numbers a command takes."""
_OFD: Final = {"M": "M", "L": "L", "Q": "Q", "C": "B", "Z": "C"}
"""The commands of GB/T 33190 for those that are left when all is absolute."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """An affine map: x' = a x + c y + e, y' = b x + d y + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    @classmethod
    def scale(cls, by: float) -> Self:
        """Return what makes all lengths so many times as long."""
        return cls(by, 0, 0, by, 0, 0)

    @classmethod
    def shift(cls, x: float, y: float) -> Self:
        """Return what moves everything."""
        return cls(1, 0, 0, 1, x, y)

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what `translate(…)` or `matrix(…)` says; what says nothing changes nothing."""
        numbers = [float(number) for _letter, number in _PIECES.findall(text.partition("(")[2]) if number]
        if text.startswith("translate"):
            return cls.shift(numbers[0], numbers[1] if len(numbers) > 1 else 0)
        if text.startswith("matrix"):
            return cls(*numbers)
        return cls(1, 0, 0, 1, 0, 0)

    def __matmul__(self, other: "Matrix") -> "Matrix":
        """Return what does the other first, and then this."""
        return Matrix(
            self.a * other.a + self.c * other.b,
            self.b * other.a + self.d * other.b,
            self.a * other.c + self.c * other.d,
            self.b * other.c + self.d * other.d,
            self.a * other.e + self.c * other.f + self.e,
            self.b * other.e + self.d * other.f + self.f,
        )

    @property
    def is_upright(self) -> bool:
        """Whether it turns nothing; glyphs are drawn upwards, so that their matrix turns the page over."""
        return abs(self.b) < 1e-6 and abs(self.c) < 1e-6 and self.a > 0 > self.d  # noqa: PLR2004 - rounding

    @property
    def size(self) -> float:
        """How many times as long it makes lengths, taken over both directions."""
        return float(abs(self.a * self.d - self.b * self.c) ** 0.5)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point comes to lie."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


IDENTITY: Final = Matrix(1, 0, 0, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class Placed:
    """An outline in millimetres of the page, as OFD writes it."""

    abbreviated: str
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Outline:
    """Commands of a path, and their numbers as they are written."""

    commands: str
    numbers: tuple[float, ...]

    def scale_to(self, other: "Outline", *, near: float) -> float:
        """Return how many times as large this is as an outline of the same shape; 0 where the shapes differ."""
        mine, its = sum(map(abs, self.numbers)), sum(map(abs, other.numbers))
        if len(self.numbers) != len(other.numbers) or not mine or not its:
            return 0
        scale = mine / its
        alike = all(
            abs(one / scale - two) <= near * its for one, two in zip(self.numbers, other.numbers, strict=True)
        )
        return scale if alike else 0

    def through(self, matrix: Matrix) -> Placed:
        """Return it on the page."""
        words: list[str] = []
        right = bottom = 0.0
        for command, points in self._steps():
            if command == "M" and words[-3:-2] == ["M"]:
                del words[-3:]
            words.append(_OFD[command])
            for x, y in (matrix.point(*one) for one in points):
                words += (f"{x:.3f}", f"{y:.3f}")
                right, bottom = max(right, x), max(bottom, y)
        return Placed(" ".join(words), right, bottom)

    def thick(self) -> "Outline":
        """Return level lines of width 1, as a code draws its dots, as areas."""
        letters, numbers = "", []
        at = (0.0, 0.0)
        for command, points in self._steps():
            for x, y in points:
                if command == "L":
                    letters += "MLLLZ"
                    numbers += [at[0], y - 0.5, x, y - 0.5, x, y + 0.5, at[0], y + 0.5]
                at = (x, y)
        return Outline(letters, tuple(numbers))

    def _steps(self) -> Iterator[tuple[str, list[tuple[float, float]]]]:
        """Yield the commands with absolute points; level and upright lines become lines."""
        x = y = 0.0
        begin = (0.0, 0.0)
        place = 0
        for letter in self.commands:
            command, is_relative = letter.upper(), letter.islower()
            taken = self.numbers[place : place + _TAKES[command]]
            place += _TAKES[command]
            from_x, from_y = (x, y) if is_relative else (0.0, 0.0)
            if command == "H":
                points = [(from_x + taken[0], y)]
            elif command == "V":
                points = [(x, from_y + taken[0])]
            else:
                points = [
                    (from_x + one, from_y + two) for one, two in zip(taken[::2], taken[1::2], strict=True)
                ]
            if command == "Z":
                x, y = begin
            else:
                x, y = points[-1]
            if command == "M":
                begin = (x, y)
            yield ("L" if command in "HV" else command), points


def read_outline(text: str) -> Outline:
    """Return a path as SVG writes it; a command that is not repeated goes on with the numbers that follow."""
    commands, numbers = "", []
    left = 0
    for letter, number in _PIECES.findall(text):
        if letter:
            commands += letter
            left = _TAKES[letter.upper()]
            continue
        if left == 0:
            commands += {"M": "L", "m": "l"}.get(commands[-1], commands[-1])
            left = _TAKES[commands[-1].upper()]
        numbers.append(float(number))
        left -= 1
    return Outline(commands, tuple(numbers))
