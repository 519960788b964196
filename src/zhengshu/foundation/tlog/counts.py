"""Counts of calls by day, department and grant, as the log, the platform and a consumer each have them.

A file of counts has one JSON object a line. A consumer's own record (`zhengshu.client.journal`) has a line for each
call, with ``at``, ``department``, ``system``, ``grant`` and ``verdict``; the platform's (`zhengshu call-counts`) has
one for each day, with ``day``, ``department``, ``system``, ``grant``, ``answered``, ``refused``. Both are read here.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple, TextIO

ANSWERED, UNKNOWN = "ok", "unknown"
"""The verdict of an answered call, and what a consumer writes of a call whose answer never came."""
VERSION = 1


class CountsUnreadable(ValueError):
    """A line of a file of counts is not written as it must be; the message says which and what was expected."""


class Key(NamedTuple):
    """What is counted: the calls of a department's system with one grant on one day."""

    day: date
    department: str
    grant: str


@dataclass(slots=True)
class Count:
    """How many calls.

    Attributes:
        unknown: calls whose outcome the counting side never learned; the other side may have them or not.
        system: the name of the calling system, where the counting side knows it.
    """

    answered: int = 0
    refused: int = 0
    unknown: int = 0
    system: str = ""

    @property
    def total(self) -> int:
        """Calls of which it is known that they arrived."""
        return self.answered + self.refused


@dataclass(slots=True)
class Counts:
    """Counts of one side."""

    by_key: dict[Key, Count] = field(default_factory=dict)

    def add(self, *, day: date, department: str, grant: str, is_answered: bool) -> None:
        """Count one call."""
        one = self.by_key.setdefault(Key(day, department, grant), Count())
        if is_answered:
            one.answered += 1
        else:
            one.refused += 1

    def lines(self) -> Iterator[str]:
        """Yield the counts as lines of a file."""
        for key, one in sorted(self.by_key.items()):
            yield json.dumps(
                {
                    "v": VERSION,
                    "day": key.day.isoformat(),
                    "department": key.department,
                    "system": one.system,
                    "grant": key.grant,
                    "answered": one.answered,
                    "refused": one.refused,
                },
                ensure_ascii=False,
            )

    @classmethod
    def of_lines(cls, lines: Iterable[str], *, zone: tzinfo | None = None) -> "Counts":
        """Return the counts of a file's lines, of either kind.

        Raises:
            CountsUnreadable: a line is none.
        """
        counts = cls()
        for number, line in enumerate(lines, start=1):
            if line.strip():
                counts._take(line, number=number, zone=zone)
        return counts

    @classmethod
    def of_file(cls, file: TextIO, *, zone: tzinfo | None = None) -> "Counts":
        """Return the counts of a file.

        Raises:
            CountsUnreadable: a line is none.
        """
        return cls.of_lines(file, zone=zone)

    def _take(self, line: str, *, number: int, zone: tzinfo | None) -> None:
        try:
            document: object = json.loads(line)
        except ValueError as fault:
            raise CountsUnreadable(f"line {number} is not JSON") from fault
        match document:
            case {
                "day": str(day),
                "department": str(department),
                "system": str(system),
                "grant": str(grant),
                "answered": int(answered),
                "refused": int(refused),
            }:
                key, one = Key(_day(day, number), department, grant), Count(answered, refused, 0, system)
            case {
                "at": str(at),
                "department": str(department),
                "system": str(system),
                "grant": str(grant),
                "verdict": str(verdict),
            }:
                key = Key(_moment(at, number).astimezone(zone).date(), department, grant)
                one = Count(
                    verdict == ANSWERED, verdict not in {ANSWERED, UNKNOWN}, verdict == UNKNOWN, system
                )
            case _:
                message = f"line {number} has neither day, answered and refused nor at and verdict"
                raise CountsUnreadable(message)
        known = self.by_key.setdefault(key, Count(system=one.system))
        known.answered += one.answered
        known.refused += one.refused
        known.unknown += one.unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A day on which two sides do not have the same number of calls with a grant.

    Attributes:
        logged: calls that the log has.
        recorded: calls that the other side has.
        what: `answered` or `refused`.
    """

    day: date
    department: str
    system: str
    grant: str
    what: str
    logged: int
    recorded: int

    @property
    def text(self) -> str:
        """The difference in one line."""
        return (
            f"{self.day} {self.department} {self.system or '-'} {self.grant or '-'}: "
            f"{self.what} {self.logged} in the log, {self.recorded} in the record"
        )


def differences(
    logged: Counts, recorded: Counts, *, days: Collection[date], grants: Collection[str] | None = None
) -> tuple[Difference, ...]:
    """Return where two sides differ on some days.

    A call at midnight may count for one day here and for the next there; what evens out with the day after is no
    difference. Calls of unknown outcome explain as many calls that only the log has.

    Args:
        logged: what the log has.
        recorded: what the other side has.
        days: the days that both sides have completely.
        grants: the grants of which the other side keeps record; all, unless given. Calls without a grant, under an
            empty text, are then compared one way only: the record of one system has not those of its department's
            other systems, but each of its own must be in the log.
    """
    keys = {
        key
        for key in (*logged.by_key, *recorded.by_key)
        if key.day in days and (grants is None or key.grant in grants)
    }
    found = {
        (key, what): one
        for key in keys
        for what in ("answered", "refused")
        if (one := _gap(key, what, logged, recorded))
    }
    for (key, what), gap in sorted(found.items(), key=lambda item: item[0]):
        following = (key._replace(day=key.day + timedelta(days=1)), what)
        if found.get((key, what)) and found.get(following) == -gap:
            found[(key, what)] = found[following] = 0
    nothing = Count()
    return tuple(
        Difference(
            day=key.day,
            department=key.department,
            system=recorded.by_key.get(key, nothing).system,
            grant=key.grant,
            what=what,
            logged=getattr(logged.by_key.get(key, nothing), what),
            recorded=getattr(recorded.by_key.get(key, nothing), what),
        )
        for (key, what), gap in sorted(found.items())
        if gap and (key.grant or grants is None or gap < 0)
    )


def _gap(key: Key, what: str, logged: Counts, recorded: Counts) -> int:
    """Return how many calls more the log has; those of unknown outcome may be among them."""
    nothing = Count()
    here, there = logged.by_key.get(key, nothing), recorded.by_key.get(key, nothing)
    gap: int = getattr(here, what) - getattr(there, what)
    spare = there.unknown
    return 0 if 0 < gap <= spare and here.total - there.total <= spare else gap


def _day(text: str, number: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise CountsUnreadable(f"line {number}: {text} is no day") from fault


def _moment(text: str, number: int) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as fault:
        raise CountsUnreadable(f"line {number}: {text} is no time") from fault
