"""A case type as the studio edits it: its YAML files as trees, its codes made from names."""

import re
from collections.abc import Mapping
from dataclasses import replace

import msgspec

from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.domain.definitions import LANGUAGES
from zhengshu.kernel.actors import Role
from zhengshu.kernel.plain_yaml import read_yaml, write_yaml

DESIGNERS = frozenset(
    {Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.WINDOW_CLERK, Role.APPROVER, Role.REVIEWER}
)
"""Who may design case types for the own department; reviewers of the data authority also approve them."""

MOST_BYTES = 4 * 1024 * 1024
"""The largest design, all its files together."""

Tree = dict[str, object]


class Design(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the browser edits: trees instead of YAML, so that nobody has to write it.

    Keys of the trees that this version of the studio does not know stay as they are.
    """

    definition: Tree
    texts: dict[str, Tree]
    flow: str
    forms: dict[str, str] = {}
    decisions: dict[str, str] = {}


def design_of(files: TypeFiles) -> Design:
    """Return files as the browser edits them.

    Raises:
        ValueError: a YAML file cannot be read as a tree; the message says which.
    """
    return Design(
        definition=_tree("type.yaml", files.definition),
        texts={language: _tree(f"texts/{language}.yaml", text) for language, text in files.texts.items()},
        flow=files.flow,
        forms=dict(files.forms),
        decisions=dict(files.decisions),
    )


def files_of(design: Design, *, before: TypeFiles) -> TypeFiles:
    """Return a design as files; a file whose tree did not change keeps its text with its comments."""
    return TypeFiles(
        name=before.name,
        definition=_text(design.definition, before=before.definition),
        flow=design.flow,
        texts={
            language: _text(design.texts.get(language, {}), before=before.texts.get(language, ""))
            for language in LANGUAGES
        },
        forms=design.forms,
        decisions=design.decisions,
    )


def named(files: TypeFiles, *, code: str, prefix: str, names: Mapping[str, str]) -> TypeFiles:
    """Return a template's files as those of a new case type with a code, a prefix of numbers and names."""
    design = design_of(files)
    numbers = design.definition.get("number")
    number = {**(numbers if isinstance(numbers, dict) else {}), "prefix": prefix}
    changed = msgspec.structs.replace(
        design,
        definition={**design.definition, "code": code, "number": number},
        texts={language: {**tree, "name": names[language]} for language, tree in design.texts.items()},
    )
    return replace(files_of(changed, before=files), name=code)


def code_from(name: str) -> str:
    """Return the code that an English name gives: ``Tree felling permit`` → ``tree-felling-permit``."""
    words = re.findall(r"[a-z0-9]+", name.lower())
    return "-".join(words).lstrip("0123456789-")[:60].rstrip("-")


def prefix_from(name: str) -> str:
    """Return the prefix of numbers that an English name gives: its first letters."""
    return "".join(word[0] for word in re.findall(r"[A-Za-z]+", name))[:4].upper()


def size_of(files: TypeFiles) -> int:
    """Return how many bytes all files have together."""
    return sum(len(text.encode()) for text in files.contents().values())


def _tree(file: str, text: str) -> Tree:
    try:
        tree = read_yaml(text)
    except ValueError as fault:
        message = f"{file}: {fault}"
        raise ValueError(message) from fault
    if not isinstance(tree, dict) or not all(isinstance(key, str) for key in tree):
        message = f"{file} must be a group of named values"
        raise ValueError(message)
    return tree


def _text(tree: Tree, *, before: str) -> str:
    try:
        known = read_yaml(before)
    except ValueError:
        known = None
    return before if known == tree else write_yaml(tree)
