"""What the elements of the standard are read from: versions with their organs and themes."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from zhengshu.contexts.services.application.records import ItemRecord
from zhengshu.contexts.services.domain.elements import Declared, Topic
from zhengshu.contexts.services.domain.items import Body, ItemDraft
from zhengshu.contexts.services.models import Theme
from zhengshu.contexts.trust import api as trust


def declared_of(found: ItemRecord) -> Declared:
    """Return a version with its organ's code and the names of its themes."""
    about = (found.facts, found.summary.department_id, found.summary.department_name)
    return next(declared_each([about]))


def declared_each(versions: Sequence[tuple[ItemDraft, UUID | None, str]]) -> Iterator[Declared]:
    """Yield many of them, each given by declaration, organ and the organ's name, in two queries."""
    known = trust.departments(ids={organ for _draft, organ, _name in versions if organ is not None})
    codes: Mapping[UUID, str] = {organ_id: organ.code for organ_id, organ in known.items()}
    topics = {
        row.code: Topic(
            code=row.code,
            name=row.name,
            is_for_people=row.is_for_people,
            is_for_enterprises=row.is_for_enterprises,
        )
        for row in Theme.objects.all()
    }
    for draft, organ, name in versions:
        yield Declared(
            draft=draft,
            organ=Body(name=name, code=codes.get(organ, "") if organ else ""),
            topics=tuple(topics[code] for code in draft.themes if code in topics),
        )
