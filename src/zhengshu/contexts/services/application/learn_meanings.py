"""Learn the meaning of items that were published or changed."""

from datetime import datetime

import msgspec

from zhengshu.contexts.services.application import meaning
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.vocabulary import ItemState
from zhengshu.contexts.services.models import ServiceItem
from zhengshu.foundation.transactions import transaction

AT_ONCE = 200


def learn_meanings(*, at: datetime, most: int = 100_000) -> int:
    """Learn what is not learned yet, a few hundred items in each transaction; return how many it were."""
    learned = 0
    while learned < most and (found := _learn_some(at=at)):
        learned += found
    return learned


@transaction
def _learn_some(*, at: datetime) -> int:
    rows = list(
        ServiceItem.objects.filter(state=ItemState.PUBLISHED.value, meaning_digest="", current__isnull=False)
        .defer("all_words", "meaning")
        .select_related("current")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("id")[:AT_ONCE]
    )
    texts = [meaning.texts_of(_facts(row)) for row in rows]
    vectors = meaning.vectors_of([text for each in texts for text in each])
    start = 0
    for row, each in zip(rows, texts, strict=True):
        row.meaning = meaning.packed(vectors[start : start + len(each)])
        row.meaning_digest = meaning.digest_of(each)
        row.meaning_at = at
        start += len(each)
    ServiceItem.objects.bulk_update(rows, ["meaning", "meaning_digest", "meaning_at"])
    return len(rows)


def _facts(row: ServiceItem) -> ItemDraft:
    elements = row.current.elements if row.current else {}
    return msgspec.convert(elements, ItemDraft)
