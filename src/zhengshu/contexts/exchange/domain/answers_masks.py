"""Which mask fits what an item holds, and which of two masks shows more."""

from collections.abc import Mapping

from zhengshu.contexts.exchange.domain.requests_scope import OfferedField
from zhengshu.kernel.masks import Mask, default_mask

WORDS: Mapping[Mask, tuple[str, ...]] = {
    Mask.CREDIT_CODE: ("统一社会信用代码", "credit_code", "uscc"),
    Mask.CITIZEN_ID: (
        "身份证",
        "身份号码",
        "证件号",
        "citizen_id",
        "id_card",
        "id_number",
        "idcard",
        "person_id",
    ),
    Mask.PHONE: ("电话", "手机", "联系方式", "phone", "mobile", "tel"),
    Mask.ADDRESS: ("地址", "住址", "住所", "address"),
    Mask.NAME: ("姓名", "法定代表人", "负责人", "联系人", "name", "legal_person"),
}
"""What names of items say of their content; the first mask with a word in the name or the column is taken."""

MASKS_FOR_ALL = (Mask.NONE, Mask.FULL)


def content_mask(item: OfferedField) -> Mask:
    """Return the mask made for what the item holds, `Mask.FULL` where its name says nothing."""
    if item.data_type in {"date", "datetime"}:
        return Mask.DATE_YEAR
    if item.data_type != "text":
        return Mask.FULL
    said = f"{item.name} {item.column}".lower()
    return next((mask for mask, words in WORDS.items() if any(word in said for word in words)), Mask.FULL)


def own_mask(item: OfferedField) -> Mask:
    """Return the mask of an item's grade, for where nobody chose another one."""
    return default_mask(grade=item.grade, content=content_mask(item))


def masks_for(item: OfferedField) -> tuple[Mask, ...]:
    """Return the masks that a provider can choose for an item: in full, nothing, or cut for its content."""
    content = content_mask(item)
    fitting = (content,) if content not in MASKS_FOR_ALL and content is not Mask.CREDIT_CODE else ()
    return (Mask.NONE, *fitting, Mask.FULL)


def shows_more(mask: Mask, *, than: Mask) -> bool:
    """Whether a mask lets through what the other one holds back."""
    return _openness(mask) > _openness(than)


def _openness(mask: Mask) -> int:
    if mask in {Mask.NONE, Mask.CREDIT_CODE}:
        return 2
    return 0 if mask is Mask.FULL else 1
