"""What trades in the city: firms with a code, a name, a person behind them, capital and a past."""

from dataclasses import dataclass

import numpy as np

from zhengshu.project.demo_city.content import Content
from zhengshu.project.demo_city.draws import (
    Chance,
    Flags,
    Ints,
    Texts,
    credit_codes,
    day_number,
    joined,
    numbers,
    pick,
    texts,
    weighted,
)
from zhengshu.project.demo_city.people import People

ADULT = 18
STATES = ("存续（在营、开业、在册）", "注销", "吊销，未注销")
CAPITALS = (1, 3, 5, 10, 20, 30, 50, 80, 100, 200, 300, 500, 800, 1000, 2000, 5000)
"""Registered capital in 10,000 yuan."""

_CAPITAL_SHARES = (2, 6, 8, 16, 8, 8, 14, 4, 14, 8, 3, 5, 1, 2, 0.7, 0.3)
_CODE_SPACE = 31**6
_CODE_STEP = 7_368_787
"""Prime to the space of codes: neighbours in our list get codes that lie far apart, and none twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprises:
    """The firms of the city, one a row; days are counted from 1970.

    Attributes:
        codes: the unified social credit code; no two are equal.
        names: the registered name.
        owner: the legal representative, a row of the people.
        form: index into the content's legal forms.
        industry: index into the content's industries.
        county: where it is registered.
        founded: the day of registration.
        state: index into `STATES`.
        capital: registered capital in 10,000 yuan.
        addresses: its place of business.
    """

    codes: Texts
    names: Texts
    owner: Ints
    form: Ints
    industry: Ints
    county: Ints
    founded: Ints
    state: Ints
    capital: Ints
    addresses: Texts

    @property
    def size(self) -> int:
        """How many firms."""
        return len(self.owner)

    @property
    def is_trading(self) -> Flags:
        """Which have neither closed nor lost their licence."""
        is_trading: Flags = self.state == 0
        return is_trading


def draw_enterprises(content: Content, people: People, *, count: int, chance: Chance) -> Enterprises:
    """Draw so many firms, each with a living adult of the city behind it."""
    draw = chance.stream("enterprises")
    as_of = day_number(content.city.as_of)
    adults = np.flatnonzero(people.is_alive & (people.age(as_of) >= ADULT + 2))
    owner = adults[draw.integers(0, len(adults), count)]
    forms = content.words.forms
    form = weighted(draw, [kind.weight for kind in forms], count)
    industry = weighted(draw, [industry.weight for industry in content.words.industries], count)
    county = weighted(draw, [place.weight for place in content.city.counties], count)
    regions = np.array([int(place.code) for place in content.city.counties], dtype=np.int64)[county]
    serial = (np.arange(1, count + 1, dtype=np.int64) * _CODE_STEP + chance.seed) % _CODE_SPACE
    oldest = np.maximum(people.born[owner] + ADULT * 366, day_number(content.city.as_of) - 30 * 365)
    return Enterprises(
        codes=credit_codes([kind.head for kind in forms], form, regions, serial),
        names=_names(content, draw, form=form, industry=industry, county=county),
        owner=owner,
        form=form,
        industry=industry,
        county=county,
        founded=oldest + ((as_of - oldest) * draw.beta(2.2, 1.1, count)).astype(np.int64),
        state=weighted(draw, [0.84, 0.13, 0.03], count),
        capital=np.array(CAPITALS, dtype=np.int64)[weighted(draw, _CAPITAL_SHARES, count)],
        addresses=_addresses(content, draw, county),
    )


def _names(content: Content, draw: np.random.Generator, *, form: Ints, industry: Ints, county: Ints) -> Texts:
    count = len(form)
    words, city = content.words, content.city
    places = [city.city.name, *(f"{city.city.name}{place.name}" for place in city.counties)]
    place = np.where(draw.random(count) < 0.6, 0, county + 1)  # noqa: PLR2004 - the share named after the city alone
    brand = draw.integers(0, len(words.brands) * len(words.brands), count)
    return joined(
        pick(places, place),
        pick(words.brands, brand % len(words.brands)),
        pick([*words.brand_tails, *words.male[:20]], draw.integers(0, len(words.brand_tails) + 20, count)),
        pick([industry.word for industry in words.industries], industry),
        pick([form.word for form in words.forms], form),
    )


def _addresses(content: Content, draw: np.random.Generator, county: Ints) -> Texts:
    count = len(county)
    city = content.city
    return joined(
        pick([f"{city.city.name}{place.name}" for place in city.counties], county),
        pick(city.streets, draw.integers(0, len(city.streets), count)),
        numbers(draw.integers(1, 400, count)),
        pick(texts(["号", "号商铺", "号A座", "号附1号"]), draw.integers(0, 4, count)),
        numbers(draw.integers(1, 25, count) * 100 + draw.integers(1, 20, count)),
        "室",
    )
