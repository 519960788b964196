"""Shapes of values: tests of one text, made to be run over a sample."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from zhengshu.contexts.catalog.domain.columns.surnames import COMPOUND_SURNAMES, SURNAMES
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.dates import read_date, read_datetime
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.phones import Phone, PhoneKind
from zhengshu.kernel.regions import RegionCode
from zhengshu.kernel.text import narrow


class Shape(StrEnum):
    """What a value looks like."""

    CITIZEN_ID = "citizen_id"
    CREDIT_CODE = "credit_code"
    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "email"
    REGION_CODE = "region_code"
    DATE = "date"
    DATETIME = "datetime"
    AMOUNT = "amount"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    CODE = "code"
    PERSON_NAME = "person_name"
    ORGANIZATION_NAME = "organization_name"
    ADDRESS = "address"
    TEXT = "text"


_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_CURRENCY = "元|圆|人民币元|元人民币|人民币|美元|港元|港币|欧元|日元|英镑"
_AMOUNT = re.compile(
    rf"(?:人民币|￥|¥|\$)?\s*[+-]?[0-9][0-9,]*(?:\.[0-9]+)?\s*\(?(?P<unit>[百千十]?[万亿]?(?:{_CURRENCY})?(?:{_CURRENCY})?)\)?(?:整)?"
)
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]+)?")
_HAN_NAME = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003134f]{2,4}|[\u3400-\u9fff]{1,10}(?:·[\u3400-\u9fff]{1,10})+"
)
_ORGANIZATION = re.compile(
    r".{2,}(?:公司|厂|店|社|局|委员会|委|院|学校|小学|中学|大学|幼儿园|中心|集团|部|所|站|馆|协会|学会|基金会|银行|支行"
    r"|合作社|联合社|合伙|企业|经营部|商行|超市|宾馆|酒店|饭店|旅社|茶馆|农场|林场|牧场|事务所|工作室|政府|大队|支队|办公室)"
    r"(?:[(][^()]{1,20}[)])?"
)
_PLACES = re.compile(
    r"特别行政区|自治区|自治州|省|市|区|县|旗|镇|乡|街道|社区|村|路|街|巷|弄|大道|胡同|号|栋|幢|楼|单元|室|组|屯"
)
_LONGEST_ADDRESS = 100
_LEAST_ADDRESS = 5
_PROVINCES = frozenset(
    str(number)
    for numbers in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82),
    )
    for number in numbers
)
_YES_NO = (
    frozenset({"是", "否"}),
    frozenset({"有", "没有"}),
    frozenset({"y", "n"}),
    frozenset({"yes", "no"}),
    frozenset({"true", "false"}),
    frozenset({"t", "f"}),
)
_BITS = frozenset({"0", "1"})


def is_mobile(text: str) -> bool:
    """Whether it is a mobile number."""
    return _phone_kind(text) is PhoneKind.MOBILE


def is_landline(text: str) -> bool:
    """Whether it is a landline with its area code."""
    return _phone_kind(text) is PhoneKind.LANDLINE


def is_email(text: str) -> bool:
    """Whether it is an electronic mail address."""
    return _EMAIL.fullmatch(narrow(text)) is not None


def is_date(text: str) -> bool:
    """Whether it names one day, in any spelling, without a time of day."""
    try:
        read_date(text)
    except Refused:
        return False
    return ":" not in text and "时" not in text


def is_datetime(text: str) -> bool:
    """Whether it names an instant: a day with a time of day."""
    typed = narrow(text)
    if ":" not in typed and "时" not in typed and not (typed.isdecimal() and len(typed) == 14):  # noqa: PLR2004 - GB/T 39046
        return False
    try:
        read_datetime(text)
    except Refused:
        return False
    return True


def is_region_code(text: str) -> bool:
    """Whether it has the form of a region code of one of the provinces."""
    typed = narrow(text)
    return typed[:2] in _PROVINCES and typed.isdecimal() and RegionCode.is_valid(typed)


def is_amount(text: str) -> bool:
    """Whether it is a sum of money with its unit, currency or separators of thousands.

    >>> [is_amount(text) for text in ("150,000(万)", "408万人民币", "1.5万元", "408")]
    [True, True, True, False]
    """
    typed = narrow(text).replace("（", "(").replace("）", ")")
    return not _PLAIN_NUMBER.fullmatch(typed) and _AMOUNT.fullmatch(typed) is not None


def is_integer(text: str) -> bool:
    """Whether it is a whole number without leading zeros."""
    return _INTEGER.fullmatch(narrow(text)) is not None


def is_decimal(text: str) -> bool:
    """Whether it is a number."""
    return _DECIMAL.fullmatch(narrow(text)) is not None


def is_person_name(text: str) -> bool:
    """Whether it looks like a person's name: a common surname and one to three letters, or parts joined by a dot."""
    typed = text.strip()
    if not _HAN_NAME.fullmatch(typed):
        return False
    return "·" in typed or typed[:2] in COMPOUND_SURNAMES or typed[0] in SURNAMES


def is_organization_name(text: str) -> bool:
    """Whether it looks like the name of an organization."""
    return _ORGANIZATION.fullmatch(narrow(text)) is not None


def is_address(text: str) -> bool:
    """Whether it looks like an address: two or more words of places."""
    typed = narrow(text)
    return _LEAST_ADDRESS <= len(typed) <= _LONGEST_ADDRESS and len(_PLACES.findall(typed)) > 1


def are_boolean(values: frozenset[str], *, is_asked: bool) -> bool:
    """Whether the different values of a column are yes and no; 0 and 1 only where the header asks (是否…)."""
    lowered = frozenset(value.lower() for value in values)
    pairs = (*_YES_NO, _BITS) if is_asked else _YES_NO
    return any(lowered and lowered <= pair for pair in pairs)


def _phone_kind(text: str) -> PhoneKind | None:
    try:
        return Phone.parse(text).kind
    except Refused:
        return None


TESTS: Mapping[Shape, Callable[[str], bool]] = {
    Shape.CITIZEN_ID: CitizenId.is_valid,
    Shape.CREDIT_CODE: CreditCode.is_valid,
    Shape.MOBILE: is_mobile,
    Shape.LANDLINE: is_landline,
    Shape.EMAIL: is_email,
    Shape.DATETIME: is_datetime,
    Shape.DATE: is_date,
    Shape.REGION_CODE: is_region_code,
    Shape.AMOUNT: is_amount,
    Shape.INTEGER: is_integer,
    Shape.DECIMAL: is_decimal,
    Shape.ORGANIZATION_NAME: is_organization_name,
    Shape.ADDRESS: is_address,
    Shape.PERSON_NAME: is_person_name,
}
"""In the order of trust: a check digit is worth more than a look."""
