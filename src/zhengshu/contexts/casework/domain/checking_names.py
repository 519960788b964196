"""Checks that everything has a name in a language, and that nothing is named which does not exist."""

from collections.abc import Iterator, Mapping

from zhengshu.contexts.casework.domain.definitions import Definition, names_allowed, names_needed
from zhengshu.contexts.casework.domain.faults import Fault


def check_names(
    definition: Definition, *, language: str, texts: Mapping[str, str], tables: Mapping[str, int]
) -> Iterator[Fault]:
    """Yield the names that are missing, empty or superfluous in one language.

    Args:
        definition: the `type.yaml`.
        language: one of `LANGUAGES`.
        texts: its names by their keys.
        tables: the decision tables that may be asked, with how many rules they have.
    """
    file = f"texts/{language}.yaml"
    needed = names_needed(definition, tables)
    for key in sorted(needed):
        if not texts.get(key, "").strip():
            yield Fault(file=file, element=key, code="name-missing", details={"key": key})
    for key in sorted(texts.keys() - needed - names_allowed(tables)):
        yield Fault(file=file, element=key, code="name-superfluous", details={"key": key})
