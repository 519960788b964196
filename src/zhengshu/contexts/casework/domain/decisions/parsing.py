"""Reads expressions and tests of FEEL into their parts; what we do not have is refused by its name."""

from functools import lru_cache

from zhengshu.contexts.casework.domain.decisions.scanning import Names, Scanner
from zhengshu.contexts.casework.domain.decisions.syntax import (
    Arithmetic,
    Call,
    Choice,
    Compare,
    ContextOf,
    Filter,
    Interval,
    ListOf,
    Literal,
    Logic,
    Loop,
    Member,
    Name,
    Negate,
    Node,
    Path,
    This,
    UnaryTests,
    Unequal,
)

_COMPARISONS = ("<=", ">=", "!=", "=", "<", ">")
_SIDES = {"<": (False, False), "<=": (False, True), ">": (True, False), ">=": (True, True)}
"""Comparison → whether the value is its low end, and whether the end belongs to it."""
_CONSTANTS = {"true": True, "false": False, "null": None}


@lru_cache(maxsize=4096)
def parse(text: str, names: Names) -> Node:
    """Return an expression.

    Raises:
        OutsideFeel: it is none of our part of FEEL; says what it uses.
    """
    scanner = Scanner(text, names)
    node = _Parser(scanner).expression()
    if not scanner.at_end():
        raise scanner.refuse(f"“{text[scanner.at : scanner.at + 20].strip()}” is not understood here")
    return node


@lru_cache(maxsize=4096)
def parse_tests(text: str, names: Names) -> UnaryTests:
    """Return what a cell of a table asks.

    Raises:
        OutsideFeel: as for `parse`.
    """
    scanner = Scanner(text, names)
    if scanner.at_end() or text.strip() == "-":
        return UnaryTests((), is_any=True)
    tests = _Parser(scanner).tests()
    if not scanner.at_end():
        raise scanner.refuse(f"“{text[scanner.at : scanner.at + 20].strip()}” is not understood here")
    return tests


class _Parser:
    """One method for each rule of the grammar, from the loosest to the tightest."""

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner

    def tests(self) -> UnaryTests:
        start = self.scanner.at
        if self.scanner.take_word("not") and self.scanner.take("("):
            inner = self.alternatives(")")
            self.scanner.expect(")")
            if self.scanner.at_end():
                return UnaryTests(inner, is_negated=True)
        self.scanner.at = start
        return UnaryTests(self.alternatives(""))

    def alternatives(self, end: str) -> tuple[Node, ...]:
        found = [self.test()]
        while self.scanner.take(","):
            found.append(self.test())
        if end and not self.scanner.peek(end):
            raise self.scanner.refuse(f"“{end}” is missing")
        return tuple(found)

    def test(self) -> Node:
        sign = self.scanner.take(*_COMPARISONS)
        if not sign:
            return self.expression()
        value = self.sum()
        if sign in _SIDES:
            is_low, is_in = _SIDES[sign]
            return Interval(
                value if is_low else None,
                None if is_low else value,
                is_low_in=is_in and is_low,
                is_high_in=is_in and not is_low,
            )
        return value if sign == "=" else Unequal(value)

    def expression(self) -> Node:
        self.scanner.deeper()
        scanner = self.scanner
        word = scanner.take_word("if", "for", "some", "every", "function")
        match word:
            case "if":
                node: Node = self.choice()
            case "for" | "some" | "every":
                node = self.loop(word)
            case "function":
                raise scanner.refuse("it has no functions that are defined within expressions")
            case _:
                node = self.disjunction()
        scanner.depth -= 1
        return node

    def choice(self) -> Node:
        condition = self.expression()
        self.word("then")
        yes = self.expression()
        self.word("else")
        return Choice(condition, yes, self.expression())

    def word(self, word: str) -> None:
        if not self.scanner.take_word(word):
            raise self.scanner.refuse(f"“{word}” is missing")

    def loop(self, kind: str) -> Node:
        scanner = self.scanner
        outside = scanner.names
        names: list[str] = []
        lists: list[Node] = []
        ends: list[Node | None] = []
        while not names or scanner.take(","):
            names.append(scanner.until(r"\s+in\b"))
            scanner.skip()
            self.word("in")
            lists.append(self.expression())
            ends.append(self.expression() if scanner.take("..") else None)
            scanner.names = scanner.names.with_more([names[-1], "partial"])
        self.word("return" if kind == "for" else "satisfies")
        body = self.expression()
        scanner.names = outside
        return Loop(kind, tuple(names), tuple(lists), tuple(ends), body)

    def disjunction(self) -> Node:
        parts = [self.conjunction()]
        while self.scanner.take_word("or"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Logic(is_all=False, parts=tuple(parts))

    def conjunction(self) -> Node:
        parts = [self.comparison()]
        while self.scanner.take_word("and"):
            parts.append(self.comparison())
        return parts[0] if len(parts) == 1 else Logic(is_all=True, parts=tuple(parts))

    def comparison(self) -> Node:
        scanner = self.scanner
        left = self.sum()
        while True:
            if sign := scanner.take(*_COMPARISONS):
                left = Compare(sign, left, self.sum())
            elif scanner.take_word("between"):
                low = self.sum()
                self.word("and")
                left = Member(left, UnaryTests((Interval(low, self.sum(), is_low_in=True, is_high_in=True),)))
            elif scanner.take_word("in"):
                left = Member(left, self.membership())
            elif scanner.take_word("instance"):
                raise scanner.refuse("it has no “instance of”")
            else:
                return left

    def membership(self) -> UnaryTests:
        """Return the tests behind ``in``: several in brackets, or one."""
        scanner = self.scanner
        start = scanner.at
        if scanner.take("("):
            inner = self.alternatives("")
            if scanner.take(")"):
                return UnaryTests(inner)
            scanner.at = start
        sign = scanner.peek(*_COMPARISONS)
        return UnaryTests((self.test() if sign else self.sum(),))

    def sum(self) -> Node:
        left = self.product()
        while sign := self.scanner.take("+", "-"):
            left = Arithmetic(sign, left, self.product())
        return left

    def product(self) -> Node:
        left = self.power()
        while not self.scanner.peek("**") and (sign := self.scanner.take("*", "/")):
            left = Arithmetic(sign, left, self.power())
        return left

    def power(self) -> Node:
        left = self.sign()
        while self.scanner.take("**"):
            left = Arithmetic("**", left, self.sign())
        return left

    def sign(self) -> Node:
        if self.scanner.take("-"):
            self.scanner.deeper()
            node = Negate(self.sign())
            self.scanner.depth -= 1
            return node
        return self.chain()

    def chain(self) -> Node:
        node = self.primary()
        while True:
            if not self.scanner.peek("..") and self.scanner.take("."):
                name = self.scanner.name(is_member=True)
                if not name:
                    raise self.scanner.refuse("a name is missing behind a point")
                node = Path(node, name)
            elif self.scanner.peek("[") and not self.is_open_end():
                self.scanner.take("[")
                node = Filter(node, self.expression())
                self.scanner.expect("]")
            elif self.scanner.peek("("):
                if not isinstance(node, Name):
                    raise self.scanner.refuse("it calls functions by their names only")
                node = self.call(node.name)
            else:
                return node

    def is_open_end(self) -> bool:
        """Whether a ``[`` here closes an interval, as in ``]1..3[``."""
        return self.open_ends > 0

    open_ends = 0

    def primary(self) -> Node:
        scanner = self.scanner
        if (number := scanner.number()) is not None:
            return Literal(number)
        if (text := scanner.string()) is not None:
            return Literal(text)
        if scanner.take("@"):
            literal = scanner.string()
            return Literal(scanner.moment(literal or ""))
        if scanner.take("?"):
            return This()
        if sign := scanner.take("(", "[", "]", "{"):
            return self.bracket(sign)
        return self.named()

    def named(self) -> Node:
        scanner = self.scanner
        if scanner.peek_word() == "not":
            scanner.take_word("not")
            if not scanner.peek("("):
                raise scanner.refuse("“not” stands before a bracket")
            return Name("not")
        name = scanner.name()
        if name:
            return Name(name)
        if word := scanner.take_word(*_CONSTANTS):
            return Literal(_CONSTANTS[word])
        rest = scanner.text[scanner.at : scanner.at + 20].strip()
        raise scanner.refuse(f"“{rest}” is not understood here" if rest else "it ends too early")

    def bracket(self, sign: str) -> Node:
        scanner = self.scanner
        if sign == "{":
            return self.context()
        if sign == "[" and scanner.take("]"):
            return ListOf(())
        if sign == "(" and scanner.peek("<", ">", "=", "!="):
            if scanner.peek("=", "!="):
                raise scanner.refuse("tests for equality stand behind “in” only")
            node = self.test()
            scanner.expect(")")
            return node
        first = self.expression()
        if scanner.take(".."):
            return self.interval(sign, first)
        if sign == "(":
            scanner.expect(")")
            return first
        if sign == "]":
            raise scanner.refuse("“]” opens an interval: ]1..3]")
        parts = [first]
        while scanner.take(","):
            parts.append(self.expression())
        scanner.expect("]")
        return ListOf(tuple(parts))

    def interval(self, sign: str, low: Node) -> Node:
        self.open_ends += 1
        high = self.expression()
        self.open_ends -= 1
        end = self.scanner.take(")", "]", "[")
        if not end:
            raise self.scanner.refuse("the interval has no end")
        return Interval(low, high, is_low_in=sign == "[", is_high_in=end == "]")

    def context(self) -> Node:
        scanner = self.scanner
        outside = scanner.names
        keys: list[str] = []
        parts: list[Node] = []
        while not scanner.take("}"):
            if keys:
                scanner.expect(",")
            key = scanner.string()
            key = key if key is not None else " ".join(scanner.until(r"\s*:").split())
            scanner.skip()
            scanner.expect(":")
            if key in keys:
                raise scanner.refuse(f"the context has “{key}” twice")
            parts.append(self.expression())
            keys.append(key)
            scanner.names = Names(scanner.names.read | {key}, scanner.names.members | {key})
        scanner.names = Names(outside.read, scanner.names.members)
        return ContextOf(tuple(keys), tuple(parts))

    def call(self, name: str) -> Node:
        scanner = self.scanner
        scanner.take("(")
        arguments: list[Node] = []
        names: list[str] = []
        while not scanner.take(")"):
            if arguments:
                scanner.expect(",")
            if named := self.parameter():
                names.append(named)
            arguments.append(self.test())
        if names and len(names) < len(arguments):
            raise scanner.refuse("a call gives all of its arguments by name, or none")
        return Call(name, tuple(arguments), tuple(names))

    def parameter(self) -> str:
        """Return the name before a colon, and stand behind it; empty where there is none."""
        start = self.scanner.at
        words = []
        while word := self.scanner.peek_word():
            self.scanner.take_word(word)
            words.append(word)
        if words and self.scanner.take(":"):
            return " ".join(words)
        self.scanner.at = start
        return ""
