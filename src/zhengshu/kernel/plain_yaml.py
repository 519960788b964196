"""YAML as content is written in it: bounded, without aliases, never a program."""

import yaml

MOST_LETTERS = 512 * 1024
"""The longest text that is read; the longest definition that we know is a fiftieth of it."""

DEEPEST = 30

_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
"""Ten times faster where PyYAML was built with libyaml, as its wheels are."""


def read_yaml(text: str) -> object:
    """Return the tree in a YAML text.

    Aliases are refused: a few lines of them stand for a tree of billions.

    Raises:
        ValueError: it is not YAML, or too long, too deep, or with aliases; the message says where.
    """
    if len(text) > MOST_LETTERS:
        message = f"longer than {MOST_LETTERS} letters"
        raise ValueError(message)
    try:
        _check_shape(text)
        tree: object = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader
    except yaml.YAMLError as fault:
        raise ValueError(str(fault)) from fault
    return tree


def write_yaml(tree: object) -> str:
    """Return a tree as YAML in the order of its keys."""
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=110, default_flow_style=None)


def _check_shape(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1 if event.start_mark else 0
            message = f"line {line}: aliases (*) cannot be used here; write the value again"
            raise ValueError(message)  # noqa: TRY004 - a fault of content, not of the program
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            message = f"deeper than {DEEPEST} levels"
            raise ValueError(message)
