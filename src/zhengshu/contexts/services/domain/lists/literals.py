"""A JavaScript literal as data: read letter by letter, never run."""

import re
from typing import Final

MOST_DEEP: Final = 30

_SPACE: Final = " \t\r\n\u00a0\ufeff"
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_BEGINS_VALUE: Final = re.compile(r"(?:^|[=(,:\[?&|]|\b(?:return|default)|\*/|//[^\n]*\n)\s*$")
"""What stands before a value; before a block stands a bracket, a word or an arrow."""
_WORDS: Final = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None}

Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]


class LiteralNotReadable(ValueError):
    """The text is not a literal of lists, objects, texts and numbers; the message says at which line."""


def read_literals(text: str) -> tuple[Value, ...]:
    """Return the lists and objects of a script, such as ``const items = [{name: '…'}];``; blocks are no objects.

    Raises:
        LiteralNotReadable: there is none, or one holds something to be computed.
    """
    reader = _Reader(text)
    found: list[Value] = []
    while reader.find_start():
        found.append(reader.value(0))
    if not any(found):
        raise reader.fault("no list or object")
    return tuple(found)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def find_start(self) -> bool:
        """Go to the next list or object that begins a value; whether there is one."""
        while True:
            self.skip()
            letter = self.peek()
            if not letter or (
                letter in "[{" and _BEGINS_VALUE.search(self.text[max(0, self.at - 80) : self.at])
            ):
                return bool(letter)
            self.at += 1

    def value(self, depth: int) -> Value:
        if depth > MOST_DEEP:
            raise self.fault(f"deeper than {MOST_DEEP} levels")
        self.skip()
        letter = self.peek()
        if letter == "[":
            return self.array(depth)
        if letter == "{":
            return self.object(depth)
        if letter in "\"'`":
            return self.string()
        return self.word()

    def array(self, depth: int) -> list[Value]:
        self.at += 1
        found: list[Value] = []
        while not self.ends("]"):
            found.append(self.value(depth + 1))
            self.comma("]")
        return found

    def object(self, depth: int) -> dict[str, Value]:
        self.at += 1
        found: dict[str, Value] = {}
        while not self.ends("}"):
            key = self.string() if self.peek() in "\"'`" else self.name()
            self.skip()
            if self.peek() != ":":
                raise self.fault("a colon is missing")
            self.at += 1
            found[key] = self.value(depth + 1)
            self.comma("}")
        return found

    def ends(self, letter: str) -> bool:
        self.skip()
        if self.peek() != letter:
            return False
        self.at += 1
        return True

    def comma(self, end: str) -> None:
        self.skip()
        if self.peek() == ",":
            self.at += 1
        elif self.peek() != end:
            raise self.fault("a comma is missing")

    def string(self) -> str:
        quote = self.peek()
        self.at += 1
        found: list[str] = []
        while True:
            letter = self.peek()
            self.at += 1
            if letter == quote:
                return _joined(found)
            if letter == "" or (letter == "\n" and quote != "`"):
                raise self.fault("a text does not end")
            if letter == "$" and quote == "`" and self.peek() == "{":
                raise self.fault("a text is computed")
            found.append(self.escape() if letter == "\\" else letter)

    def escape(self) -> str:
        letter = self.peek()
        self.at += 1
        width = {"u": 4, "x": 2}.get(letter, 0)
        if not width:
            return "" if letter == "\n" else _ESCAPES.get(letter, letter)
        digits = self.text[self.at : self.at + width]
        self.at += width
        try:
            return chr(int(digits, 16))
        except ValueError as fault:
            raise self.fault("an escaped letter is none") from fault

    def name(self) -> str:
        start = self.at
        while self.peek() and (self.peek().isalnum() or self.peek() in "_$"):
            self.at += 1
        if start == self.at:
            raise self.fault("a name is missing")
        return self.text[start : self.at]

    def word(self) -> Value:
        start = self.at
        while self.peek() and self.peek() not in ",]}:;" + _SPACE:
            self.at += 1
        word = self.text[start : self.at]
        if word in _WORDS:
            return _WORDS[word]
        try:
            return int(word) if word.lstrip("+-").isdecimal() else float(word)
        except ValueError:
            self.at = start
            raise self.fault("something has to be computed") from None

    def skip(self) -> None:
        while True:
            while self.peek() and self.peek() in _SPACE:
                self.at += 1
            if self.text.startswith("//", self.at):
                end = self.text.find("\n", self.at)
            elif self.text.startswith("/*", self.at):
                end = self.text.find("*/", self.at) + 1
                end = end or -1
            else:
                return
            self.at = len(self.text) if end < 0 else end + 1

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def fault(self, what: str) -> LiteralNotReadable:
        line = self.text.count("\n", 0, self.at) + 1
        return LiteralNotReadable(f"line {line}: {what}")


def _joined(letters: list[str]) -> str:
    """Return the text; two halves of a letter beyond the first plane, each escaped for itself, become the letter."""
    return "".join(letters).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
