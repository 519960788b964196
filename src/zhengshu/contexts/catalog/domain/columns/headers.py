"""Headers that files commonly carry: the Chinese name, the column name, and the shape to look for.

A header only helps; what is in the column decides.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from zhengshu.contexts.catalog.domain.columns.shapes import Shape
from zhengshu.kernel.text import narrow

_NOISE = re.compile(r"[\s*＊:：_\-]+|[(（\[【][^)）\]】]*[)）\]】]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_COLUMN = re.compile(r"[^a-z0-9]+")
_LONGEST_COLUMN = 63
_ASKS = re.compile(r"^(?:是否|有无)|^(?:is|has)_|标志$|标识位$")


@dataclass(frozen=True, slots=True)
class Header:
    """A known header."""

    name: str
    column: str
    shape: Shape | None = None


_KNOWN = (
    Header("姓名", "name", Shape.PERSON_NAME),
    Header("法定代表人", "legal_representative", Shape.PERSON_NAME),
    Header("负责人", "person_in_charge", Shape.PERSON_NAME),
    Header("联系人", "contact_name", Shape.PERSON_NAME),
    Header("经办人", "handler_name", Shape.PERSON_NAME),
    Header("公民身份号码", "citizen_id", Shape.CITIZEN_ID),
    Header("统一社会信用代码", "credit_code", Shape.CREDIT_CODE),
    Header("手机号码", "mobile", Shape.MOBILE),
    Header("联系电话", "phone", Shape.MOBILE),
    Header("固定电话", "landline", Shape.LANDLINE),
    Header("电子邮箱", "email", Shape.EMAIL),
    Header("性别", "gender", Shape.CODE),
    Header("民族", "ethnic_group", Shape.CODE),
    Header("婚姻状况", "marital_status", Shape.CODE),
    Header("学历", "education", Shape.CODE),
    Header("证件类型", "certificate_type", Shape.CODE),
    Header("证件号码", "certificate_number"),
    Header("出生日期", "birth_date", Shape.DATE),
    Header("死亡日期", "death_date", Shape.DATE),
    Header("登记日期", "registered_on", Shape.DATE),
    Header("注册日期", "registered_on", Shape.DATE),
    Header("成立日期", "founded_on", Shape.DATE),
    Header("核准日期", "approved_on", Shape.DATE),
    Header("注销日期", "deregistered_on", Shape.DATE),
    Header("开始日期", "start_date", Shape.DATE),
    Header("结束日期", "end_date", Shape.DATE),
    Header("缴费日期", "paid_on", Shape.DATE),
    Header("更新时间", "updated_at", Shape.DATETIME),
    Header("创建时间", "created_at", Shape.DATETIME),
    Header("企业名称", "enterprise_name", Shape.ORGANIZATION_NAME),
    Header("单位名称", "organization_name", Shape.ORGANIZATION_NAME),
    Header("机构名称", "organization_name", Shape.ORGANIZATION_NAME),
    Header("登记机关", "registration_authority", Shape.ORGANIZATION_NAME),
    Header("企业类型", "enterprise_type"),
    Header("登记状态", "registration_status"),
    Header("行业代码", "industry_code", Shape.CODE),
    Header("行业门类", "industry_section", Shape.CODE),
    Header("经营范围", "business_scope"),
    Header("注册资本", "registered_capital", Shape.AMOUNT),
    Header("注册资金", "registered_capital", Shape.AMOUNT),
    Header("金额", "amount", Shape.AMOUNT),
    Header("缴费金额", "paid_amount", Shape.AMOUNT),
    Header("缴费基数", "contribution_base", Shape.AMOUNT),
    Header("应纳税额", "tax_due", Shape.AMOUNT),
    Header("面积", "area", Shape.DECIMAL),
    Header("建筑面积", "floor_area", Shape.DECIMAL),
    Header("数量", "quantity", Shape.INTEGER),
    Header("年龄", "age", Shape.INTEGER),
    Header("年份", "year", Shape.INTEGER),
    Header("地址", "address", Shape.ADDRESS),
    Header("住址", "address", Shape.ADDRESS),
    Header("户籍地址", "household_address", Shape.ADDRESS),
    Header("居住地址", "residence_address", Shape.ADDRESS),
    Header("注册地址", "registered_address", Shape.ADDRESS),
    Header("住所", "domicile", Shape.ADDRESS),
    Header("坐落", "location", Shape.ADDRESS),
    Header("行政区划代码", "region_code", Shape.REGION_CODE),
    Header("所在省份", "province"),
    Header("所在城市", "city"),
    Header("区县", "county"),
    Header("地区", "region"),
    Header("街道", "street"),
    Header("户号", "household_number"),
    Header("与户主关系", "relation_to_head", Shape.CODE),
    Header("不动产单元号", "property_unit_number"),
    Header("不动产权证号", "property_certificate_number"),
    Header("证照编号", "license_number"),
    Header("备注", "remark"),
    Header("状态", "status"),
    Header("序号", "serial_number", Shape.INTEGER),
    Header("编号", "number"),
    Header("名称", "title"),
)

_OTHER_SPELLINGS: Mapping[str, str] = {
    "身份证号": "公民身份号码",
    "身份证号码": "公民身份号码",
    "公民身份证号": "公民身份号码",
    "公民身份证号码": "公民身份号码",
    "身份证": "公民身份号码",
    "居民身份证号码": "公民身份号码",
    "idcard": "公民身份号码",
    "idnumber": "公民身份号码",
    "citizenid": "公民身份号码",
    "信用代码": "统一社会信用代码",
    "社会信用代码": "统一社会信用代码",
    "统一代码": "统一社会信用代码",
    "纳税人识别号": "统一社会信用代码",
    "uscc": "统一社会信用代码",
    "creditcode": "统一社会信用代码",
    "手机": "手机号码",
    "手机号": "手机号码",
    "移动电话": "手机号码",
    "mobile": "手机号码",
    "电话": "联系电话",
    "电话号码": "联系电话",
    "联系方式": "联系电话",
    "phone": "联系电话",
    "tel": "联系电话",
    "邮箱": "电子邮箱",
    "email": "电子邮箱",
    "出生年月": "出生日期",
    "生日": "出生日期",
    "出生年月日": "出生日期",
    "birthday": "出生日期",
    "birthdate": "出生日期",
    "dateofbirth": "出生日期",
    "人员姓名": "姓名",
    "公民姓名": "姓名",
    "name": "姓名",
    "fullname": "姓名",
    "法人": "法定代表人",
    "法人代表": "法定代表人",
    "法定代表人姓名": "法定代表人",
    "sex": "性别",
    "gender": "性别",
    "性别代码": "性别",
    "民族代码": "民族",
    "企业名": "企业名称",
    "公司名称": "企业名称",
    "主体名称": "企业名称",
    "区划代码": "行政区划代码",
    "行政区划": "行政区划代码",
    "行政区域代码": "行政区划代码",
    "regioncode": "行政区划代码",
    "注册资本金": "注册资本",
    "address": "地址",
    "联系地址": "地址",
    "通讯地址": "地址",
    "家庭住址": "居住地址",
    "现住址": "居住地址",
    "户籍所在地": "户籍地址",
    "住所地": "住所",
    "文化程度": "学历",
    "remark": "备注",
    "说明": "备注",
    "updatetime": "更新时间",
    "updatedat": "更新时间",
    "createtime": "创建时间",
    "createdat": "创建时间",
    "amount": "金额",
    "status": "状态",
    "id": "编号",
    "no": "序号",
}

_BY_NAME: Mapping[str, Header] = {header.name: header for header in _KNOWN}


def plain(text: str) -> str:
    """Return a header without blanks, stars, units in brackets, hyphens and capitals.

    >>> plain("*联系电话（必填）"), plain("Credit_Code")
    ('联系电话', 'creditcode')
    """
    return _NOISE.sub("", narrow(text)).lower()


def look_up(text: str) -> Header | None:
    """Return the known header that a text is a spelling of, or None."""
    bare = plain(text)
    return _BY_NAME.get(_OTHER_SPELLINGS.get(bare, bare))


def asks_yes_or_no(text: str) -> bool:
    """Whether a header announces a yes or no."""
    return _ASKS.search(narrow(text).lower()) is not None


def column_from(text: str) -> str:
    """Return a column name made of an English header, or an empty text.

    >>> column_from("Tax Payer-ID"), column_from("startDate"), column_from("企业名称")
    ('tax_payer_id', 'start_date', '')
    """
    typed = narrow(text)
    if not typed.isascii():
        return ""
    snake = _NOT_COLUMN.sub("_", _CAMEL.sub("_", typed).lower()).strip("_")[:_LONGEST_COLUMN]
    return snake if snake and snake[0].isalpha() else ""
