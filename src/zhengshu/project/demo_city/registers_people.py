"""What the departments that deal with persons know: police, health, civil affairs, the disabled federation."""

import numpy as np
import pyarrow as pa

from zhengshu.project.demo_city.content import Content
from zhengshu.project.demo_city.draws import (
    Chance,
    Ints,
    Texts,
    day_number,
    iso_dates,
    joined,
    numbers,
    pick,
    weighted,
    where,
    years,
)
from zhengshu.project.demo_city.people import CHILD, RELATIONS, People, sex_words
from zhengshu.project.demo_city.sheets import Delivery, Sheet, SubjectKind, Subjects, persons

_YEAR = 365
_DISABILITIES = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")


def police_persons(content: Content, people: People, chance: Chance) -> Sheet:
    """The population register."""
    del content, chance
    state = where(people.is_alive, "正常", "死亡注销")
    return Sheet(
        file="police/persons.csv",
        delivery=Delivery.CSV,
        columns={
            "公民身份号码": people.ids,
            "姓名": people.names,
            "性别": sex_words(people.is_male),
            "民族": people.peoples,
            "出生日期": iso_dates(people.born),
            "户籍地区划代码": pick(people.towns, people.household),
            "户籍地址": pick(people.addresses, people.household),
            "户号": _household_numbers(people, people.household),
            "与户主关系": pick(RELATIONS, people.relation),
            "户籍状态": state,
            "联系电话": people.phones,
        },
        subjects=(persons(np.arange(people.size)),),
    )


def police_households(content: Content, people: People, chance: Chance) -> Sheet:
    """The households, one a row."""
    del content, chance
    homes = len(people.head)
    members = np.bincount(people.household, minlength=homes)
    return Sheet(
        file="police/households.parquet",
        delivery=Delivery.PARQUET,
        columns={
            "户号": _household_numbers(people, np.arange(homes)),
            "户主公民身份号码": pick(people.ids, people.head),
            "户主姓名": pick(people.names, people.head),
            "户类型": where((members == 1) & (people.head % 9 == 0), "集体户", "家庭户"),
            "户籍地区划代码": people.towns,
            "户籍地址": people.addresses,
            "人口数": numbers(members),
            "立户日期": iso_dates(people.formed),
        },
        subjects=(
            Subjects(role="household", kind=SubjectKind.HOUSEHOLD, index=np.arange(homes)),
            persons(people.head, role="head"),
        ),
        typed={"人口数": pa.int64(), "立户日期": pa.date32()},
    )


def health_births(content: Content, people: People, chance: Chance) -> Sheet:
    """The birth certificates of the children who live with both parents, in the national encoding GB 18030."""
    draw = chance.stream("birth certificates")
    as_of = day_number(content.city.as_of)
    with_both = people.spouse[people.household] >= 0
    children = np.flatnonzero((people.relation == CHILD) & with_both & (people.born > as_of - 15 * _YEAR))
    home = people.household[children]
    head, spouse = people.head[home], people.spouse[home]
    mother = np.where(people.is_male[head], spouse, head)
    father = np.where(people.is_male[head], head, spouse)
    count = len(children)
    signed = np.minimum(people.born[children] + draw.integers(1, 40, count), as_of)
    hours = joined(
        iso_dates(people.born[children]),
        " ",
        numbers(draw.integers(0, 24, count), width=2),
        ":",
        numbers(draw.integers(0, 60, count), width=2),
    )
    return Sheet(
        file="health/births.csv",
        delivery=Delivery.CSV_GBK,
        columns={
            "出生医学证明编号": joined(
                "Z47", numbers(draw.permutation(count).astype(np.int64) + 10_000_000, width=8)
            ),
            "新生儿姓名": pick(people.names, children),
            "新生儿性别": sex_words(people.is_male[children], men="1", women="2"),
            "出生时间": hours,
            "出生体重（克）": numbers(draw.normal(3300, 420, count).clip(1500, 5200).astype(np.int64)),
            "母亲姓名": pick(people.names, mother),
            "母亲证件号码": pick(people.ids, mother),
            "父亲姓名": pick(people.names, father),
            "父亲证件号码": pick(people.ids, father),
            "签发机构": pick(content.words.hospitals, draw.integers(0, len(content.words.hospitals), count)),
            "签发日期": iso_dates(signed),
        },
        subjects=(
            persons(children, role="child"),
            persons(mother, role="mother"),
            persons(father, role="father"),
        ),
    )


def civil_marriages(content: Content, people: People, chance: Chance) -> Sheet:
    """The marriages of the couples who live together, and the divorces of some who no longer do."""
    draw = chance.stream("marriages")
    as_of = day_number(content.city.as_of)
    homes = np.flatnonzero(people.spouse >= 0)
    head, spouse = people.head[homes], people.spouse[homes]
    man = np.where(people.is_male[head], head, spouse)
    woman = np.where(people.is_male[head], spouse, head)
    of_age = np.maximum(people.born[man] + 22 * 366, people.born[woman] + 20 * 366)
    wed = of_age + ((as_of - of_age).clip(0, 9 * _YEAR) * draw.random(len(homes))).astype(np.int64)
    kept = wed > day_number(content.city.as_of.replace(year=content.city.as_of.year - 45))
    man, woman, wed, homes = man[kept], woman[kept], np.minimum(wed, as_of)[kept], homes[kept]
    county = people.county[homes]
    offices = [f"{place.name}民政局婚姻登记处" for place in content.city.counties]
    regions = [place.code for place in content.city.counties]
    order = numbers(draw.permutation(len(homes)).astype(np.int64) + 1, width=7)
    return Sheet(
        file="civil/marriages.csv",
        delivery=Delivery.CSV,
        columns={
            "婚姻证字号": joined("J", pick(regions, county), "-", years(wed), "-", order),
            "登记类型": pick(("结婚登记", "补领婚姻登记证"), weighted(draw, [0.97, 0.03], len(homes))),
            "登记日期": iso_dates(wed),
            "男方姓名": pick(people.names, man),
            "男方证件号码": pick(people.ids, man),
            "女方姓名": pick(people.names, woman),
            "女方证件号码": pick(people.ids, woman),
            "登记机关": pick(offices, county),
        },
        subjects=(persons(man, role="husband"), persons(woman, role="wife")),
    )


def civil_low_income(content: Content, people: People, chance: Chance) -> Sheet:
    """The households that receive the minimum living allowance."""
    draw = chance.stream("low income")
    as_of = day_number(content.city.as_of)
    homes = np.flatnonzero(people.is_alive[people.head] & (draw.random(len(people.head)) < 0.015))  # noqa: PLR2004 - their share
    head = people.head[homes]
    count = len(homes)
    granted = np.maximum(as_of - draw.integers(30, 3000, count), people.formed[homes])
    return Sheet(
        file="civil/low_income.xlsx",
        delivery=Delivery.XLSX,
        columns={
            "低保证号": joined("DB4705", numbers(np.arange(1, count + 1), width=6)),
            "户主姓名": pick(people.names, head),
            "户主证件号码": pick(people.ids, head),
            "保障人口": numbers(np.bincount(people.household, minlength=len(people.head))[homes]),
            "月保障金额": numbers(draw.integers(30, 220, count) * 10),
            "批准日期": iso_dates(granted),
            "家庭住址": pick(people.addresses, homes),
            "保障状态": pick(("在保", "停保"), weighted(draw, [0.9, 0.1], count)),
        },
        subjects=(persons(head, role="head"),),
    )


def disabled_certificates(content: Content, people: People, chance: Chance) -> Sheet:
    """The certificates of the disabled; their number is the citizen ID with the kind and the level behind it."""
    draw = chance.stream("disabled")
    as_of = day_number(content.city.as_of)
    share = np.where(people.age(as_of) > 60, 0.09, 0.02)  # noqa: PLR2004 - the age from which it becomes frequent
    rows = np.flatnonzero(people.is_alive & (draw.random(people.size) < share))
    count = len(rows)
    kind = weighted(draw, [12, 14, 2, 52, 8, 9, 3], count)
    level = weighted(draw, [18, 27, 29, 26], count) + 1
    issued = np.maximum(as_of - draw.integers(1, 10 * _YEAR, count), people.born[rows] + 30)
    return Sheet(
        file="disabled/certificates.csv",
        delivery=Delivery.CSV,
        columns={
            "残疾人证号": joined(pick(people.ids, rows), numbers(kind + 1), numbers(level)),
            "姓名": pick(people.names, rows),
            "残疾类别": pick(_DISABILITIES, kind),
            "残疾等级": pick(("", "一级", "二级", "三级", "四级"), level),
            "发证日期": iso_dates(issued),
            "联系电话": pick(people.phones, rows),
        },
        subjects=(persons(rows),),
    )


def _household_numbers(people: People, homes: Ints) -> Texts:
    return joined(pick(people.towns, homes), numbers(homes + 1, width=7))
