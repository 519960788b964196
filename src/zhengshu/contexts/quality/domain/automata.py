"""Patterns as automata: one step a character, whatever the pattern; what the compiled engine walks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from zhengshu.contexts.quality.domain import patterns
from zhengshu.contexts.quality.domain.patterns import Choice, Letters, Node, Repeat

MOST_STATES = 250
MOST_CLASSES = 250
MOST_SIZE = 600
"""Larger patterns are left to the engine's own regular expressions."""

DEAD, START = 0, 1


@dataclass(frozen=True, slots=True)
class Automaton:
    """A deterministic automaton over classes of characters.

    Attributes:
        starts: where each range of code points begins, from 0 on.
        class_of: the class of each range.
        table: state → class → next state; state 0 leads nowhere, 1 is the first.
        accepting: the states in which a text may end.
    """

    starts: tuple[int, ...]
    class_of: tuple[int, ...]
    table: tuple[tuple[int, ...], ...]
    accepting: frozenset[int]

    def accepts(self, text: str) -> bool:
        """Whether the whole text is of the pattern; the reference of the compiled walk."""
        state = START
        for letter in text:
            place = max(place for place, start in enumerate(self.starts) if start <= ord(letter))
            state = self.table[state][self.class_of[place]]
        return state in self.accepting


@dataclass(slots=True)
class _Paths:
    """A non-deterministic automaton while it is drawn: free steps, and steps over characters."""

    free: list[list[int]] = field(default_factory=list)
    over: list[tuple[Letters, int] | None] = field(default_factory=list)

    def state(self) -> int:
        self.free.append([])
        self.over.append(None)
        return len(self.free) - 1

    def draw(self, node: Node, begin: int) -> int:
        """Draw a part from a state on; return the state behind it."""
        if isinstance(node, Letters):
            end = self.state()
            self.over[begin] = (node, end)
            return self._after(end)
        if isinstance(node, Repeat):
            return self._draw_repeat(node, begin)
        if isinstance(node, Choice):
            end = self.state()
            for part in node.parts:
                self.free[self.draw(part, self._after(begin))].append(end)
            return end
        for part in node.parts:
            begin = self.draw(part, self._after(begin))
        return begin

    def _draw_repeat(self, node: Repeat, begin: int) -> int:
        for _ in range(node.least):
            begin = self.draw(node.part, self._after(begin))
        end = self.state()
        if node.most is None:
            loop = self._after(begin)
            self.free[self.draw(node.part, self._after(loop))].append(loop)
            self.free[loop].append(end)
            return end
        for _ in range(node.most - node.least):
            self.free[begin].append(end)
            begin = self.draw(node.part, self._after(begin))
        self.free[begin].append(end)
        return end

    def _after(self, state: int) -> int:
        following = self.state()
        self.free[state].append(following)
        return following

    def closure(self, states: Iterator[int] | Sequence[int]) -> frozenset[int]:
        """Return the states that can be reached without a character."""
        found, waiting = set[int](), list(states)
        while waiting:
            state = waiting.pop()
            if state not in found:
                found.add(state)
                waiting.extend(self.free[state])
        return frozenset(found)


def automaton_of(tree: Node) -> Automaton | None:
    """Return the automaton of a pattern's tree; None where it would be too large."""
    if patterns.size(tree) > MOST_SIZE:
        return None
    paths = _Paths()
    first = paths.state()
    last = paths.draw(tree, first)
    starts, class_of, members = _classes([over[0] for over in paths.over if over is not None])
    if len(members) > MOST_CLASSES:
        return None
    known = {frozenset[int](): DEAD, paths.closure([first]): START}
    table: list[tuple[int, ...]] = [(DEAD,) * len(members)]
    waiting = [state for state, number in known.items() if number == START]
    for here in waiting:
        row = []
        for member in members:
            there = paths.closure(list(_steps(paths, here, member)))
            if there not in known:
                if len(known) >= MOST_STATES:
                    return None
                known[there] = len(known)
                waiting.append(there)
            row.append(known[there])
        table.append(tuple(row))
    accepting = frozenset(number for state, number in known.items() if last in state)
    return Automaton(starts=starts, class_of=class_of, table=tuple(table), accepting=accepting)


def _steps(paths: _Paths, here: frozenset[int], point: int) -> Iterator[int]:
    for state in here:
        over = paths.over[state]
        if over is not None and any(first <= point <= last for first, last in over[0].ranges):
            yield over[1]


def _classes(letters: Sequence[Letters]) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return ranges of code points that no part of the pattern tells apart, their classes, and a member of each."""
    different = list(dict.fromkeys(letters))
    starts = sorted(
        {0, *(edge for one in different for first, last in one.ranges for edge in (first, last + 1))}
    )
    numbers: dict[tuple[bool, ...], int] = {}
    members: list[int] = []
    class_of = []
    for start in starts:
        kind = tuple(any(first <= start <= last for first, last in one.ranges) for one in different)
        if kind not in numbers:
            numbers[kind] = len(numbers)
            members.append(start)
        class_of.append(numbers[kind])
    return tuple(starts), tuple(class_of), tuple(members)
