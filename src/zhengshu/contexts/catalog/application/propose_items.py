"""Propose items for the columns of a file."""

from collections.abc import Sequence

from zhengshu.contexts.catalog.application.queries_standards import code_tables, elements
from zhengshu.contexts.catalog.domain.columns.proposals import propose
from zhengshu.contexts.catalog.domain.columns.samples import ColumnSample, ItemProposal

MOST_ENTRIES = 5000
"""Larger code tables are references to look things up in, not lists to recognize a column by."""


def propose_items(*, columns: Sequence[ColumnSample]) -> tuple[ItemProposal, ...]:
    """Propose name, column, type, length, grade, element, code table and key for each column, with reasons.

    The values decide, headers help; the officer corrects the proposal in the draft's form.
    """
    return propose(columns, elements=elements(), code_tables=code_tables(most_entries=MOST_ENTRIES))
