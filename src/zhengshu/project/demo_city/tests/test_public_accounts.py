"""Whom of the city an account is given."""

import csv
from datetime import date, timedelta
from pathlib import Path

from zhengshu.project.demo_city.accounts import _public
from zhengshu.project.demo_city.content import read_content


def test_a_mother_has_a_newborn_whom_the_register_knows(city_folder: Path) -> None:
    city = read_content().city
    (mother,) = [one for one in _public(city, city_folder) if one.username.startswith("mother.")]
    with (city_folder / "health" / "births.csv").open(encoding="gb18030", newline="") as file:
        births = [row for row in csv.DictReader(file) if row["母亲证件号码"] == mother.citizen_id]

    newest = max(date.fromisoformat(row["出生时间"][:10]) for row in births)

    assert city.as_of - timedelta(days=60) < newest <= city.as_of
    assert all(row["母亲姓名"] == mother.name for row in births)
