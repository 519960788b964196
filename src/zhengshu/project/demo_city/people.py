"""Who lives in the city: persons in households, with parents, spouses, births and deaths."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhengshu.project.demo_city.content import Content
from zhengshu.project.demo_city.draws import (
    Chance,
    Flags,
    Ints,
    Texts,
    citizen_ids,
    day_number,
    digits,
    fixed_text,
    joined,
    numbers,
    pick,
    texts,
    weighted,
    where,
    written_as_number,
)

HEAD, SPOUSE, CHILD, PARENT = range(4)
RELATIONS = ("户主", "配偶", "子女", "父母")
_YEAR = 365.25
_SEQUENCES = 500
"""Sequence numbers that a region has for one sex on one day of birth."""

# Households by their members, with their share (census-like: mostly one to four persons).
_KINDS: tuple[tuple[float, tuple[int, ...]], ...] = (
    (0.24, (HEAD,)),
    (0.24, (HEAD, SPOUSE)),
    (0.20, (HEAD, SPOUSE, CHILD)),
    (0.13, (HEAD, SPOUSE, CHILD, CHILD)),
    (0.06, (HEAD, CHILD)),
    (0.08, (HEAD, SPOUSE, CHILD, PARENT)),
    (0.05, (HEAD, SPOUSE, CHILD, CHILD, PARENT)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The persons of the city, one a row; days are counted from 1970, -1 stands for none.

    Attributes:
        household: which household, an index into the household columns.
        relation: `HEAD`, `SPOUSE`, `CHILD` or `PARENT` of the household's head.
        is_male: the sex.
        born: the day of birth.
        died: the day of death, or -1.
        names: as the police knows them.
        ids: the citizen ID; no two are equal.
        phones: eleven digits of a prefix that no operator holds.
        head: the row of each household's head.
        spouse: the row of the head's spouse, or -1.
        county: the household's county.
        addresses: the household's address from the city's name downward.
        towns: nine digits of the household's town.
        formed: when the household was registered.
    """

    household: Ints
    relation: Ints
    is_male: Flags
    born: Ints
    died: Ints
    names: Texts
    ids: Texts
    phones: Texts
    peoples: Texts
    head: Ints
    spouse: Ints
    county: Ints
    addresses: Texts
    towns: Texts
    formed: Ints

    @property
    def size(self) -> int:
        """How many persons."""
        return len(self.household)

    @property
    def is_alive(self) -> Flags:
        """Who has not died."""
        return self.died < 0

    def age(self, day: int) -> Ints:
        """Return the age in full years on a day."""
        return ((day - self.born) / _YEAR).astype(np.int64)


def draw_people(content: Content, *, count: int, chance: Chance) -> People:
    """Draw exactly so many persons."""
    household, relation = _households(chance, count)
    homes = int(household[-1]) + 1
    head = np.flatnonzero(relation == HEAD)
    spouse = np.full(homes, -1, dtype=np.int64)
    spouses = np.flatnonzero(relation == SPOUSE)
    spouse[household[spouses]] = spouses
    as_of = day_number(content.city.as_of)
    is_male = _sexes(chance, household, relation, head)
    born = _births(chance, household, relation, spouse >= 0, as_of)
    county = weighted(chance.stream("county"), [county.weight for county in content.city.counties], homes)
    addresses, towns = _addresses(content, chance, county)
    births_of_head = born[head]
    formed = births_of_head + (
        (as_of - births_of_head) * chance.stream("formed").uniform(0.5, 0.95, homes)
    ).astype(np.int64)
    return People(
        household=household,
        relation=relation,
        is_male=is_male,
        born=born,
        died=_deaths(chance, born, as_of),
        names=_names(content, chance, household, relation, is_male),
        ids=_ids(content, chance, county[household], born, is_male),
        phones=_phones(content, chance, count),
        peoples=pick(
            [f"{name}族" for name in content.words.peoples],
            weighted(chance.stream("peoples"), list(content.words.peoples.values()), homes)[household],
        ),
        head=head,
        spouse=spouse,
        county=county,
        addresses=addresses,
        towns=towns,
        formed=formed,
    )


def _households(chance: Chance, count: int) -> tuple[Ints, Ints]:
    draw = chance.stream("households")
    kinds = weighted(draw, [share for share, _ in _KINDS], count)
    sizes = np.array([len(members) for _, members in _KINDS], dtype=np.int64)[kinds]
    homes = int(np.searchsorted(np.cumsum(sizes), count)) + 1
    kinds, sizes = kinds[:homes], sizes[:homes]
    starts = np.cumsum(sizes) - sizes
    household = np.repeat(np.arange(homes), sizes)[:count]
    place = np.arange(len(household)) - starts[household]
    widest = max(len(members) for _, members in _KINDS)
    table = np.array([[*members, *([-1] * (widest - len(members)))] for _, members in _KINDS], dtype=np.int64)
    return household, table[kinds[household], place]


def _sexes(chance: Chance, household: Ints, relation: Ints, head: Ints) -> Flags:
    draw = chance.stream("sexes")
    drawn = draw.random(len(household)) < 0.512  # noqa: PLR2004 - the share of boys among the newborn
    heads = draw.random(len(head)) < 0.7  # noqa: PLR2004 - the share of men among heads of households
    chosen = np.where(relation == HEAD, heads[household], drawn)
    return np.where(relation == SPOUSE, ~heads[household], chosen)


def _births(chance: Chance, household: Ints, relation: Ints, is_couple: Flags, as_of: int) -> Ints:
    draw = chance.stream("births")
    count, homes = len(household), len(is_couple)
    ages = _within(draw, np.where(is_couple, draw.normal(49, 14, homes), draw.normal(44, 18, homes)), 22, 97)
    head = ages[household]
    years = np.select(
        [relation == SPOUSE, relation == CHILD, relation == PARENT],
        [
            head + draw.normal(0, 2.5, count),
            head - draw.uniform(22, 36, count),
            head + draw.uniform(21, 33, count),
        ],
        head,
    )
    years = np.where(relation == CHILD, _within(draw, years, 0, 80), _within(draw, years, 21, 104))
    return (as_of - years * _YEAR).astype(np.int64)


def _within(
    draw: np.random.Generator, years: NDArray[np.float64], least: float, most: float
) -> NDArray[np.float64]:
    """Return the ages with those outside of the bounds drawn again, well inside."""
    again = draw.uniform(least, least + 0.3 * (most - least), len(years))
    return np.where((years < least) | (years > most), again, years)


def _deaths(chance: Chance, born: Ints, as_of: int) -> Ints:
    draw = chance.stream("deaths")
    age = (as_of - born) / _YEAR
    has_died = draw.random(len(born)) < np.exp((age - 96) / 11).clip(0.0005, 0.6)
    days = as_of - (draw.random(len(born)) * np.minimum(3 * _YEAR, as_of - born)).astype(np.int64)
    return np.where(has_died, days, -1)


def _names(content: Content, chance: Chance, household: Ints, relation: Ints, is_male: Flags) -> Texts:
    draw = chance.stream("names")
    count, homes = len(household), int(household[-1]) + 1
    weights = list(content.words.surnames.values())
    family, own = weighted(draw, weights, homes), weighted(draw, weights, count)
    surname = np.where((relation == HEAD) | (relation == CHILD), family[household], own)
    men, women = content.words.male, content.words.female
    words = texts_of(men, women)
    lengths = np.where(is_male, len(men), len(women))
    offset = np.where(is_male, 1, 1 + len(men))
    first = offset + (draw.random(count) * lengths).astype(np.int64)
    second = offset + (draw.random(count) * lengths).astype(np.int64)
    second = np.where(draw.random(count) < 0.18, 0, second)  # noqa: PLR2004 - the share of names of two letters
    return joined(pick(list(content.words.surnames), surname), pick(words, first), pick(words, second))


def texts_of(men: tuple[str, ...], women: tuple[str, ...]) -> Texts:
    """Return the letters of given names: none, then men's, then women's."""
    return texts(["", *men, *women])


def _ids(content: Content, chance: Chance, county: Ints, born: Ints, is_male: Flags) -> Texts:
    draw = chance.stream("ids")
    counties = np.array([int(county.code) for county in content.city.counties], dtype=np.int64)
    moved = draw.random(len(born)) < 0.15  # noqa: PLR2004 - the share of those registered in another county at birth
    issued = np.where(moved, draw.integers(0, len(counties), len(born)), county)
    key = (issued * 200_000 + born + 50_000) * 2 + is_male
    rank = _rank_within(key)
    if rank.max() >= _SEQUENCES:
        message = "more persons were drawn than sequence numbers exist; add counties to the city"
        raise ValueError(message)
    sequence = (rank * 37 + key * 7919) % _SEQUENCES * 2 + is_male
    return citizen_ids(counties[issued], written_as_number(born), sequence)


def _rank_within(key: Ints) -> Ints:
    """Return each row's number among the rows of the same key, from 0."""
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    begins = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    lengths = np.diff(np.r_[begins, len(key)])
    rank = np.empty(len(key), dtype=np.int64)
    rank[order] = np.arange(len(key)) - np.repeat(begins, lengths)
    return rank


def _phones(content: Content, chance: Chance, count: int) -> Texts:
    draw = chance.stream("phones")
    prefixes = np.array([int(prefix) for prefix in content.city.mobile_prefixes], dtype=np.int64)
    lines = draw.permutation(np.arange(count, dtype=np.int64)) * 31 % 100_000_000
    whole = prefixes[np.arange(count) % len(prefixes)] * 100_000_000 + lines
    return fixed_text(digits(whole, 11) + np.uint8(ord("0")))


def _addresses(content: Content, chance: Chance, county: Ints) -> tuple[Texts, Texts]:
    draw = chance.stream("addresses")
    homes = len(county)
    counties = content.city.counties
    begins = np.cumsum([0, *(len(place.towns) for place in counties)])
    within = (draw.random(homes) * np.array([len(place.towns) for place in counties])[county]).astype(
        np.int64
    )
    town = begins[county] + within
    heads = [f"{content.city.city.name}{place.name}{name}" for place in counties for name in place.towns]
    codes = [f"{place.code}{number:03}" for place in counties for number in range(1, len(place.towns) + 1)]
    address = joined(
        pick(heads, town),
        pick(content.city.streets, draw.integers(0, len(content.city.streets), homes)),
        numbers(draw.integers(1, 300, homes)),
        "号",
        pick(content.city.estates, draw.integers(0, len(content.city.estates), homes)),
        numbers(draw.integers(1, 25, homes)),
        "栋",
        numbers(draw.integers(1, 5, homes)),
        "单元",
        numbers(draw.integers(1, 19, homes) * 100 + draw.integers(1, 5, homes)),
        "室",
    )
    return address, pick(codes, town)


def sex_words(is_male: Flags, *, men: str = "男", women: str = "女") -> Texts:
    """Return the sex in a department's own words."""
    return where(is_male, men, women)
