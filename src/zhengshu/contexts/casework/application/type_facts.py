"""What a case type declares, for contexts above that open its cases and hear of what people chose in them."""

from collections.abc import Mapping
from dataclasses import dataclass

from zhengshu.contexts.casework.application.naming import current_version, loaded
from zhengshu.contexts.casework.application.open_case import CaseTypeNotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeFacts:
    """The current version of a case type.

    Attributes:
        data: name → type, as `flag`.
        tasks: code → the codes of its outcomes.
        parties: the parts of departments.
        incoming: message → the data that come with it.
    """

    data: Mapping[str, str]
    tasks: Mapping[str, frozenset[str]]
    parties: frozenset[str]
    incoming: Mapping[str, frozenset[str]]


def type_facts(*, case_type: str) -> TypeFacts:
    """Return what the current version of a case type declares.

    Raises:
        CaseTypeNotFound: there is no such type.
    """
    version = current_version(case_type)
    if version is None:
        raise CaseTypeNotFound(case_type=case_type)
    definition = loaded(version).definition
    return TypeFacts(
        data={name: one.type for name, one in definition.data.items()},
        tasks={code: frozenset(one.outcomes) for code, one in definition.tasks.items()},
        parties=frozenset(definition.parties),
        incoming={name: frozenset(one.brings) for name, one in definition.incoming.items()},
    )
