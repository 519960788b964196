"""Who is asked before a batch is published: contexts further up that judge its rows, without the lake knowing them."""

from collections.abc import Callable
from dataclasses import dataclass

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake.application.records import BatchRecord
from zhengshu.contexts.lake.application.table_files import TableFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A batch that was read to its end and is about to be published.

    Attributes:
        batch: with its counts.
        resource: for whose items it was typed.
        files: its accepted rows; nobody else reads them yet.
    """

    batch: BatchRecord
    resource: catalog.ResourceRecord
    files: tuple[TableFile, ...]


Gate = Callable[[Candidate], None]
"""Raises a `Refused` where the batch must not be published; its sentence is what whoever delivered reads."""

_gates: dict[str, Gate] = {}


def gate(ask: Gate) -> Gate:
    """Register a gate, once, when a context starts."""
    _gates[f"{ask.__module__}.{ask.__qualname__}"] = ask
    return ask


def ask_gates(candidate: Candidate) -> None:
    """Ask every gate, in the order of registration.

    Raises:
        Refused: the first refusal; the batch is refused with it, and what was served before is still served.
    """
    for ask in tuple(_gates.values()):
        ask(candidate)
