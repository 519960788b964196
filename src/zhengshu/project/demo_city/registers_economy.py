"""What the departments that deal with work and trade know: social insurance, tax, market, land, housing."""

import numpy as np

from zhengshu.project.demo_city.content import Content, FaultKind
from zhengshu.project.demo_city.draws import (
    Chance,
    day_number,
    iso_dates,
    joined,
    months,
    numbers,
    pick,
    weighted,
    where,
    years,
)
from zhengshu.project.demo_city.enterprises import STATES, Enterprises
from zhengshu.project.demo_city.people import People
from zhengshu.project.demo_city.sheets import Delivery, Sheet, enterprises, persons

_YEAR = 365
_WORKING_AGE = (19, 75)


def social_insurance(content: Content, people: People, firms: Enterprises, chance: Chance) -> Sheet:
    """Who is insured, by which employer, since when."""
    draw = chance.stream("insurance")
    as_of = day_number(content.city.as_of)
    age = people.age(as_of)
    can_work = (age >= _WORKING_AGE[0]) & (age <= _WORKING_AGE[1])
    rows = np.flatnonzero(can_work & (draw.random(people.size) < 0.86))  # noqa: PLR2004 - the share of the insured
    count = len(rows)
    trading = np.flatnonzero(firms.is_trading)
    employer = trading[draw.zipf(1.4, count) % len(trading) * 7919 % len(trading)]
    is_employed = draw.random(count) < 0.62  # noqa: PLR2004 - the rest insure themselves
    died, retired = ~people.is_alive[rows], age[rows] >= 60  # noqa: PLR2004 - retirement
    since = np.minimum(people.born[rows] + draw.integers(19 * _YEAR, 34 * _YEAR, count), as_of - 30)
    since = np.maximum(since, people.born[rows] + 18 * _YEAR)
    stopped = np.where(died, people.died[rows], as_of - draw.integers(0, 40, count))
    state = where(died, "终止参保", where(retired, "待遇领取", "参保缴费"))
    kinds = where(is_employed, "企业职工基本养老保险", "城乡居民基本养老保险")
    return Sheet(
        file="social/insurance.csv",
        delivery=Delivery.CSV,
        columns={
            "个人编号": joined("4705", numbers(draw.permutation(count).astype(np.int64) + 1, width=10)),
            "证件号码": pick(people.ids, rows),
            "姓名": pick(people.names, rows),
            "参保单位名称": where(is_employed, pick(firms.names, employer), ""),
            "单位统一社会信用代码": where(is_employed, pick(firms.codes, employer), ""),
            "险种": kinds,
            "参保状态": state,
            "参保日期": iso_dates(since),
            "缴费基数": numbers(draw.lognormal(8.75, 0.35, count).clip(3800, 32000).astype(np.int64)),
            "最近缴费年月": months(stopped),
        },
        subjects=(persons(rows), enterprises(np.where(is_employed, employer, -1), role="employer")),
        can_befall={FaultKind.DEAD_STILL_INSURED: died},
    )


def tax_taxpayers(content: Content, people: People, firms: Enterprises, chance: Chance) -> Sheet:
    """The taxpayers with their credit rating."""
    draw = chance.stream("taxpayers")
    as_of = day_number(content.city.as_of)
    rows = np.flatnonzero(draw.random(firms.size) < 0.94)  # noqa: PLR2004 - the share registered for tax
    count = len(rows)
    offices = [f"国家税务总局{content.city.city.name}{place.name}税务局" for place in content.city.counties]
    registered = np.minimum(firms.founded[rows] + draw.integers(0, 60, count), as_of)
    return Sheet(
        file="tax/taxpayers.csv",
        delivery=Delivery.CSV_SEMICOLON,
        columns={
            "纳税人识别号": pick(firms.codes, rows),
            "纳税人名称": pick(firms.names, rows),
            "登记日期": iso_dates(registered),
            "纳税人资格": pick(("小规模纳税人", "一般纳税人"), weighted(draw, [0.78, 0.22], count)),
            "纳税信用等级": pick(("A", "B", "M", "C", "D"), weighted(draw, [12, 52, 24, 8, 4], count)),
            "行业代码": pick([industry.code for industry in content.words.industries], firms.industry[rows]),
            "法定代表人姓名": pick(people.names, firms.owner[rows]),
            "法定代表人证件号码": pick(people.ids, firms.owner[rows]),
            "主管税务机关": pick(offices, firms.county[rows]),
            "纳税人状态": pick(("正常", "注销", "非正常"), firms.state[rows]),
        },
        subjects=(enterprises(rows), persons(firms.owner[rows], role="legal_representative")),
    )


def market_enterprises(content: Content, people: People, firms: Enterprises, chance: Chance) -> Sheet:
    """The enterprise register."""
    del chance
    words, city = content.words, content.city
    offices = [f"{place.name}市场监督管理局" for place in city.counties]
    return Sheet(
        file="market/enterprises.csv",
        delivery=Delivery.CSV,
        columns={
            "统一社会信用代码": firms.codes,
            "企业名称": firms.names,
            "企业类型": pick([form.kind for form in words.forms], firms.form),
            "法定代表人": pick(people.names, firms.owner),
            "注册资本": joined(numbers(firms.capital * 10_000), ".00"),
            "成立日期": iso_dates(firms.founded),
            "登记状态": pick(STATES, firms.state),
            "登记机关": pick(offices, firms.county),
            "住所": firms.addresses,
            "行业代码": pick([industry.code for industry in words.industries], firms.industry),
            "经营范围": pick([industry.scope for industry in words.industries], firms.industry),
            "联系电话": pick(people.phones, firms.owner),
        },
        subjects=(enterprises(np.arange(firms.size)), persons(firms.owner, role="legal_representative")),
    )


def market_food_licences(content: Content, people: People, firms: Enterprises, chance: Chance) -> Sheet:
    """The food business licences, valid for five years."""
    del people
    draw = chance.stream("food licences")
    as_of = day_number(content.city.as_of)
    is_food = np.array([industry.is_food for industry in content.words.industries], dtype=np.bool_)
    rows = np.flatnonzero(is_food[firms.industry])
    count = len(rows)
    issued = np.maximum(firms.founded[rows], as_of - draw.integers(1, 5 * _YEAR, count))
    state = where(firms.is_trading[rows], "有效", "注销")
    serial = numbers(np.arange(1, count + 1), width=7)
    regions = [place.code for place in content.city.counties]
    return Sheet(
        file="market/food_licences.jsonl",
        delivery=Delivery.JSON_LINES,
        columns={
            "许可证编号": joined("JY1", pick(regions, firms.county[rows]), serial),
            "统一社会信用代码": pick(firms.codes, rows),
            "经营者名称": pick(firms.names, rows),
            "主体业态": pick(
                ("食品销售经营者", "餐饮服务经营者", "单位食堂"), weighted(draw, [5, 4, 1], count)
            ),
            "发证日期": iso_dates(issued),
            "有效期至": iso_dates(issued + 5 * _YEAR),
            "经营场所": pick(firms.addresses, rows),
            "许可状态": state,
        },
        subjects=(enterprises(rows),),
    )


def land_property(content: Content, people: People, chance: Chance) -> Sheet:
    """The registered rights in homes; some households own two, some none."""
    draw = chance.stream("property")
    as_of = day_number(content.city.as_of)
    homes = len(people.head)
    owned = weighted(draw, [0.22, 0.62, 0.16], homes)
    home = np.repeat(np.arange(homes), owned)
    count = len(home)
    has_spouse = people.spouse[home] >= 0
    owner = np.where(has_spouse & (draw.random(count) < 0.35), people.spouse[home], people.head[home])  # noqa: PLR2004 - the share in the spouse's name
    since = np.minimum(people.formed[home] + draw.integers(0, 4000, count), as_of - 3)
    towns = pick(people.towns, home)
    serial = draw.permutation(count).astype(np.int64) + 1
    parcel, house = numbers(serial // 9_000 + 1, width=5), numbers(serial % 9_000 + 1, width=4)
    return Sheet(
        file="land/property.parquet",
        delivery=Delivery.PARQUET,
        columns={
            "不动产单元号": joined(towns, "001GB", parcel, "F0001", house),
            "不动产权证号": joined(
                "云（", years(since), "）澄川市不动产权第", numbers(serial, width=7), "号"
            ),
            "权利人": pick(people.names, owner),
            "权利人证件号码": pick(people.ids, owner),
            "共有情况": where(has_spouse, "共同共有", "单独所有"),
            "坐落": pick(people.addresses, home),
            "建筑面积": joined(
                numbers(draw.integers(38, 220, count)), ".", numbers(draw.integers(0, 100, count), width=2)
            ),
            "用途": pick(("住宅", "商业服务", "车库"), weighted(draw, [92, 4, 4], count)),
            "登记日期": iso_dates(since),
            "抵押状态": pick(("无抵押", "已抵押"), weighted(draw, [0.64, 0.36], count)),
        },
        subjects=(persons(owner, role="owner"),),
    )


def housing_contracts(content: Content, people: People, chance: Chance) -> Sheet:
    """The registered contracts of sale of new homes."""
    draw = chance.stream("contracts")
    as_of = day_number(content.city.as_of)
    home = np.flatnonzero(draw.random(len(people.head)) < 0.11)  # noqa: PLR2004 - the share that bought within eight years
    buyer = people.head[home]
    count = len(home)
    signed = as_of - draw.integers(30, 8 * _YEAR, count)
    area = draw.integers(55, 190, count)
    return Sheet(
        file="housing/contracts.csv",
        delivery=Delivery.CSV,
        columns={
            "合同编号": joined(
                years(signed), "470500", numbers(draw.permutation(count).astype(np.int64) + 1, width=7)
            ),
            "买受人": pick(people.names, buyer),
            "买受人证件号码": pick(people.ids, buyer),
            "项目名称": joined(
                pick(content.city.estates, draw.integers(0, len(content.city.estates), count)), "项目"
            ),
            "房屋坐落": pick(people.addresses, home),
            "建筑面积": joined(numbers(area), ".", numbers(draw.integers(0, 100, count), width=2)),
            "合同总价": numbers(area * draw.integers(52, 148, count) * 100),
            "签订日期": iso_dates(signed),
            "备案日期": iso_dates(signed + draw.integers(1, 30, count)),
        },
        subjects=(persons(buyer, role="buyer"),),
    )
