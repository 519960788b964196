"""The lists by which benefits find people and firms, and the truth of who is entitled.

The truth is written from the people and firms as they are and from what was spoilt here on purpose. It knows nothing
of the rules by which the platform finds them.
"""

from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhengshu.project.demo_city.content import Content
from zhengshu.project.demo_city.draws import (
    EPOCH,
    Chance,
    Flags,
    Ints,
    day_number,
    iso_dates,
    joined,
    numbers,
    pick,
    where,
)
from zhengshu.project.demo_city.enterprises import STATES, Enterprises
from zhengshu.project.demo_city.people import People
from zhengshu.project.demo_city.sheets import Delivery, Sheet, enterprises, persons

LISTED_FROM, ENTITLED_FROM = 75, 80
"""From which age the police lists a person, and from which the city pays."""

_MOVED, _LATE, _WRONG = 0.03, 0.06, 0.02
"""The shares of those who moved away, whose death the police does not know yet, whose day of birth is written wrong."""

_YEAR = 365.25
_MOST_STAFF, _SMALL_STAFF = 900, 300
_UNREPORTED = 0.01
"""The share of the firms that did not say how many people they employ; a draw has 0 for them."""

ENTITLED, DEAD, MOVED, DOUBTFUL, TOO_LARGE, CLOSED = (
    "entitled",
    "dead",
    "moved",
    "doubtful",
    "too_large",
    "closed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Elders:
    """The old, with what the registers say of them and what is so.

    Attributes:
        rows: which persons, rows of the people.
        has_moved: who lives elsewhere now; the police knows.
        is_late: who died, and the police does not know yet; the health authority does.
        is_wrong: whose day of birth stands wrong in the list; the citizen ID has the right one.
        written: the day of birth as it stands in the list.
    """

    rows: Ints
    has_moved: Flags
    is_late: Flags
    is_wrong: Flags
    written: Ints


def draw_elders(content: Content, people: People, chance: Chance) -> Elders:
    """Draw who of the old moved, whose death is not known, and whose day of birth is wrong."""
    draw = chance.stream("elders")
    rows = np.flatnonzero(people.age(day_number(content.city.as_of)) >= LISTED_FROM)
    count = len(rows)
    is_alive = people.is_alive[rows]
    has_moved = is_alive & (draw.random(count) < _MOVED)
    is_wrong = is_alive & ~has_moved & (draw.random(count) < _WRONG)
    years = np.where(draw.random(count) < 0.5, -6, 6)  # noqa: PLR2004 - as many older as younger than they are
    born = people.born[rows]
    return Elders(
        rows=rows,
        has_moved=has_moved,
        is_late=~is_alive & (draw.random(count) < _LATE),
        is_wrong=is_wrong,
        written=np.where(is_wrong, born + (years * _YEAR).astype(np.int64), born),
    )


def police_elders(elders: Elders, people: People) -> Sheet:
    """The old of the population register, by town."""
    rows = elders.rows
    is_known_dead = ~people.is_alive[rows] & ~elders.is_late
    state = where(is_known_dead, "死亡注销", where(elders.has_moved, "迁出注销", "正常"))
    return Sheet(
        file="police/elders.csv",
        delivery=Delivery.CSV,
        columns={
            "公民身份号码": pick(people.ids, rows),
            "姓名": pick(people.names, rows),
            "出生日期": iso_dates(elders.written),
            "户籍地区划代码": pick(people.towns, people.household[rows]),
            "户籍状态": state,
        },
        subjects=(persons(rows),),
    )


def health_deaths(content: Content, people: People, chance: Chance) -> Sheet:
    """The medical certificates of death of the last three years."""
    draw = chance.stream("deaths certificates")
    rows = np.flatnonzero(~people.is_alive)
    count = len(rows)
    signed = np.minimum(people.died[rows] + draw.integers(0, 3, count), day_number(content.city.as_of))
    return Sheet(
        file="health/deaths.csv",
        delivery=Delivery.CSV,
        columns={
            "死亡医学证明编号": joined("S47", numbers(draw.permutation(count).astype(np.int64) + 1, width=8)),
            "死者公民身份号码": pick(people.ids, rows),
            "死者姓名": pick(people.names, rows),
            "死亡日期": iso_dates(people.died[rows]),
            "签发日期": iso_dates(signed),
        },
        subjects=(persons(rows, role="deceased"),),
    )


def draw_staff(firms: Enterprises, chance: Chance) -> Ints:
    """Draw how many people each firm employs: many few, a few many; 0 where the directory was not told."""
    draw = chance.stream("staff")
    staff = np.minimum((draw.pareto(1.1, firms.size) * 6 + 1).astype(np.int64), _MOST_STAFF)
    is_unreported = chance.stream("staff unreported").random(firms.size) < _UNREPORTED
    return np.where(is_unreported, 0, staff)


def market_small_firms(content: Content, firms: Enterprises, staff: Ints) -> Sheet:
    """The directory of small and micro firms as firms reported for it; some are larger than it says they may be."""
    regions = [place.code for place in content.city.counties]
    return Sheet(
        file="market/small_firms.csv",
        delivery=Delivery.CSV,
        columns={
            "统一社会信用代码": firms.codes,
            "企业名称": firms.names,
            "登记地区划代码": pick(regions, firms.county),
            "从业人数": where(staff == 0, "", numbers(staff)),
        },
        subjects=(enterprises(np.arange(firms.size)),),
    )


def write_benefits(people: People, elders: Elders, firms: Enterprises, staff: Ints, folder: Path) -> int:
    """Write `truth/benefits.parquet`: who is entitled to what since when, and why nobody else is; return its rows."""
    born = people.born[elders.rows]
    kinds = np.select(
        [~people.is_alive[elders.rows], elders.has_moved, elders.is_wrong], [1, 2, 3], default=0
    )
    names = (ENTITLED, DEAD, MOVED, DOUBTFUL, TOO_LARGE, CLOSED)
    is_closed = firms.state != STATES.index(STATES[0])
    of_firms = np.select([is_closed, staff > _SMALL_STAFF, staff == 0], [5, 4, 3], default=0)
    count, size = len(elders.rows), firms.size
    benefit = np.r_[np.zeros(count, dtype=np.int64), np.ones(size, dtype=np.int64)]
    turns = np.array([_birthday(int(day)) for day in born], dtype=np.int64)
    table = pa.table(
        {
            "benefit": pick(["old-age-allowance", "small-enterprise-relief"], benefit),
            "subject": pa.concat_arrays([pick(people.ids, elders.rows), firms.codes]),
            "verdict": pick(list(names), np.r_[kinds, of_firms]),
            "entitled_from": pa.concat_arrays([iso_dates(turns), iso_dates(firms.founded)]),
        }
    )
    pq.write_table(table, folder / "benefits.parquet", compression="zstd")
    return table.num_rows


def _birthday(born: int) -> int:
    """Return the day on which somebody becomes as old as the city asks; born on 29 February, on 1 March."""
    day = EPOCH + timedelta(days=born)
    year = day.year + ENTITLED_FROM
    is_lost = (day.month, day.day) == (2, 29) and not isleap(year)
    return day_number(date(year, 3, 1) if is_lost else day.replace(year=year))
