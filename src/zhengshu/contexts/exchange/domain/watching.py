"""Rules that watch calls: pure functions from the counts of a day to what is worth a look.

All rules judge one *group* on one day: the calls of a system with one grant (or none) on one resource.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from zhengshu.kernel.errors import Kind, Refused

HOURS = 24


class RuleCode(StrEnum):
    """The rules, in the order in which pages show them."""

    VOLUME = "volume"
    """Far more calls than on former days."""
    ENUMERATION = "enumeration"
    """Many different keys, of which a large share finds nothing: somebody tries them out."""
    NIGHT = "night"
    """Calls while nobody works."""
    REFUSALS = "refusals"
    """A large share of calls is refused."""
    CASELESS = "caseless"
    """Calls for a purpose that serves cases, without naming one."""
    REPEAT = "repeat"
    """One person is read again and again."""
    OFFICIAL = "official"
    """One official reads one person again and again, wherever his department's systems may ask."""
    UNNAMED = "unnamed"
    """Calls that name no official, though their system's policy asks for it."""


Thresholds = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a threshold is at first, and between which numbers it may be set."""

    value: int
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRule:
    """A rule as the pack has it."""

    code: RuleCode
    basis: str
    thresholds: Mapping[str, Bounds]

    def checked(self, values: Mapping[str, int]) -> dict[str, int]:
        """Return the thresholds with changes.

        Raises:
            ThresholdUnfit: one is unknown or out of its bounds.
        """
        for name, value in values.items():
            bounds = self.thresholds.get(name)
            if bounds is None or not bounds.least <= value <= bounds.most:
                raise ThresholdUnfit(
                    name=name, least=bounds.least if bounds else 0, most=bounds.most if bounds else 0
                )
        return {name: values.get(name, bounds.value) for name, bounds in self.thresholds.items()}


class ThresholdUnfit(Refused):
    """A threshold stays within the bounds of `packs/watching.yaml`."""

    code: ClassVar[str] = "exchange.threshold-unfit"
    kind: ClassVar[Kind] = Kind.INVALID
    message: ClassVar[str] = "The threshold “%(name)s” must be a number from %(least)s to %(most)s."


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """What is known of a group's day.

    Attributes:
        empty: answered calls that found no row.
        caseless: calls without a case for a purpose that serves cases.
        unnamed: calls that name no official where the policy of their system asks for it.
        subjects: different keys that were asked for.
        by_hour: calls by the hour of the day.
        habit: calls of the group's former days with calls, as many as the rule looks back.
        most_of_one: the most calls about one key within the days of the rule; for the rule about officials, by one
            of them.
        repeated: how many keys were asked for at least as often as the rule says.
    """

    calls: int
    refused: int = 0
    empty: int = 0
    caseless: int = 0
    unnamed: int = 0
    subjects: int = 0
    by_hour: Sequence[int] = (0,) * HOURS
    habit: Sequence[int] = ()
    most_of_one: int = 0
    repeated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """That a rule found something.

    Attributes:
        value: what was measured.
        limit: the number that it reached.
    """

    value: int
    limit: int


def judge_day(code: RuleCode, facts: DayFacts, thresholds: Thresholds) -> Measured | None:
    """Return what a rule finds in a group's day, or None."""
    match code:
        case RuleCode.VOLUME:
            return _volume(facts, thresholds)
        case RuleCode.ENUMERATION:
            is_hit = _share(facts.empty, facts.calls - facts.refused) >= thresholds["percent"]
            return _reached(facts.subjects, thresholds["subjects"]) if is_hit else None
        case RuleCode.NIGHT:
            return _reached(sum(facts.by_hour[hour] for hour in night(thresholds)), thresholds["calls"])
        case RuleCode.REFUSALS:
            is_hit = _share(facts.refused, facts.calls) >= thresholds["percent"]
            return _reached(facts.refused, thresholds["calls"]) if is_hit else None
        case RuleCode.CASELESS | RuleCode.UNNAMED:
            value = facts.caseless if code is RuleCode.CASELESS else facts.unnamed
            return _reached(value, thresholds["calls"])
        case RuleCode.REPEAT | RuleCode.OFFICIAL:
            return _reached(facts.most_of_one, thresholds["calls"])


def night(thresholds: Thresholds) -> tuple[int, ...]:
    """Return the hours in which nobody works."""
    return (*range(thresholds["from_hour"], HOURS), *range(thresholds["to_hour"]))


def _volume(facts: DayFacts, thresholds: Thresholds) -> Measured | None:
    """Compare a day with the mean of the former ones; a group without a past is only counted."""
    usual = sum(facts.habit) / len(facts.habit) if facts.habit else 0
    return _reached(facts.calls, max(thresholds["calls"], round(usual * thresholds["times"])))


def _reached(value: int, limit: int) -> Measured | None:
    return Measured(value=value, limit=limit) if value >= limit else None


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0
