"""Whom of the city an account is given."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from django.contrib.auth import get_user_model
from pytest_django.fixtures import Settings

from zhengshu.foundation.storage import data_folder
from zhengshu.project.demo_city.account_holders import choose_holders
from zhengshu.project.demo_city.accounts import install_public, public_people
from zhengshu.project.demo_city.content import read_content
from zhengshu.project.demo_city.tests.test_benefit_truth import ALLOWANCE, RELIEF, of_benefit
from zhengshu.project.demo_city.tests.test_build import read_rows, truth

AT = datetime(2026, 6, 30, 2, tzinfo=UTC)


def test_every_mother_has_a_newborn_whom_the_register_knows(city_folder: Path) -> None:
    city = read_content().city
    mothers = [one for one in choose_holders(city, city_folder) if one.username.startswith("mother.")]
    with (city_folder / "health" / "births.csv").open(encoding="gb18030", newline="") as file:
        births = list(csv.DictReader(file))

    assert len({one.citizen_id for one in mothers}) == len(mothers) == city.public_accounts.mothers
    for mother in mothers:
        own = [row for row in births if row["母亲证件号码"] == mother.citizen_id]
        newest = max(date.fromisoformat(row["出生时间"][:10]) for row in own)
        assert city.as_of - timedelta(days=60) < newest <= city.as_of
        assert all(row["母亲姓名"] == mother.name for row in own)


def test_citizens_are_insured_by_one_line_of_the_register(city_folder: Path) -> None:
    city = read_content().city
    citizens = [one for one in choose_holders(city, city_folder) if one.username.startswith("citizen.")]
    lines = [
        row
        for row in read_rows(city_folder, "social/insurance.csv")
        if row["证件号码"] in {one.citizen_id for one in citizens}
    ]

    assert len(citizens) == city.public_accounts.citizens
    assert sorted(row["姓名"] for row in lines) == sorted(one.name for one in citizens)
    assert {row["参保状态"] for row in lines} <= {"参保缴费", "待遇领取"}


def test_old_people_are_entitled_and_known_by_name(city_folder: Path) -> None:
    city = read_content().city
    elders = [one for one in choose_holders(city, city_folder) if one.username.startswith("elder.")]
    told = of_benefit(city_folder, ALLOWANCE)
    listed = {(row["公民身份号码"], row["姓名"]) for row in read_rows(city_folder, "police/elders.csv")}

    assert len(elders) == city.public_accounts.elders
    assert {told[one.citizen_id]["verdict"] for one in elders} == {"entitled"}
    assert all(date.fromisoformat(str(told[one.citizen_id]["entitled_from"])) <= city.as_of for one in elders)
    assert {(one.citizen_id, one.name) for one in elders} <= listed


@pytest.mark.django_db
def test_a_city_of_an_older_version_is_given_the_accounts_that_it_lacks(
    city_folder: Path, tmp_path: Path, settings: Settings
) -> None:
    settings.DATA_FOLDER = tmp_path
    city = read_content().city
    everybody = tuple(choose_holders(city, city_folder))
    older = [one for one in everybody if not one.username.startswith("elder.")]
    told = {"password": "Chengchuan-abcdefgh7", "public": older}
    (data_folder("demo-city") / "accounts.json").write_bytes(msgspec.json.encode(told))

    install_public(city, city_folder, at=AT)
    first = public_people()
    install_public(city, city_folder, at=AT)

    assert first[: len(older)] == tuple(older)
    assert set(first) == set(everybody) == set(public_people())
    given = get_user_model().objects.filter(username__in=[one.username for one in everybody])
    assert given.count() == len(everybody)


def test_a_firm_with_an_account_trades_is_small_and_owned_by_the_living(city_folder: Path) -> None:
    firms = [one for one in choose_holders(read_content().city, city_folder) if one.code]
    told = of_benefit(city_folder, RELIEF)
    died = {str(row["citizen_id"]): row["died_on"] for row in truth(city_folder, "persons")}

    assert len(firms) == read_content().city.public_accounts.enterprises
    assert {told[one.code]["verdict"] for one in firms} == {"entitled"}
    assert not any(died[one.citizen_id] for one in firms)
