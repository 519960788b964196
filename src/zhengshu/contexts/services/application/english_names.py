"""What items are called in English, for those who keep only an item's code and its name in Chinese."""

from collections.abc import Iterable, Mapping

from zhengshu.contexts.services.models import ServiceItem


def english_names(*, codes: Iterable[str]) -> Mapping[str, str]:
    """Return code → English name for those items that have one."""
    rows = ServiceItem.objects.filter(code__in=set(codes)).exclude(name_en="")
    return dict(rows.order_by().values_list("code", "name_en"))


def english_summaries(*, codes: Iterable[str]) -> Mapping[str, str]:
    """Return code → what the version in force says of the item in English, for those of which it says anything."""
    rows = ServiceItem.objects.filter(code__in=set(codes)).order_by()
    found = rows.values_list("code", "current__elements__summary_en")
    return {code: words for code, words in found if words}
