"""Checks that everything has a name in a language, and that nothing is named which does not exist."""

from collections.abc import Iterator, Mapping

from zhengshu.contexts.casework.domain.definitions import Definition, names_needed
from zhengshu.contexts.casework.domain.faults import Fault


def check_names(definition: Definition, *, language: str, texts: Mapping[str, str]) -> Iterator[Fault]:
    """Yield the names that are missing, empty or superfluous in one language."""
    file = f"texts/{language}.yaml"
    needed = names_needed(definition)
    for key in sorted(needed):
        if not texts.get(key, "").strip():
            yield Fault(file=file, element=key, code="name-missing", details={"key": key})
    for key in sorted(texts.keys() - needed):
        yield Fault(file=file, element=key, code="name-superfluous", details={"key": key})
