"""What a sample of row groups says of all rows, and how far it may be off.

Rows that lie together are alike (they came in one batch, from one office), so that a sample of groups is judged by how
groups differ, not as if each row had been drawn by itself.
"""

import math
from collections.abc import Sequence
from typing import Final

LEAST_GROUPS: Final = 20
"""With fewer groups nothing sound can be said of their differences; then all rows are read."""

_NORMAL: Final = 1.96
"""The quantile of the normal distribution for 95 %."""
_RULE_OF_THREE: Final = 3.0
"""Where no row of n fails, the share is at most 3/n with 95 % confidence."""


def error_of(groups: Sequence[tuple[int, int]], *, of: int) -> float | None:
    """Return half the width of the 95 % confidence interval of the share of failing rows.

    Args:
        groups: for each group of the sample how many rows were asked, and how many of them fail.
        of: how many groups there are in all.

    >>> error_of([(100, 10)] * 20, of=1000)
    0.01301593484925305
    >>> error_of([(100, 0), (100, 100)] * 10, of=1000) > 0.2
    True
    """
    asked, failed = (sum(group[side] for group in groups) for side in (0, 1))
    if not asked:
        return None
    share, count = failed / asked, len(groups)
    left_out = 1 - count / of
    single = _NORMAL * math.sqrt(left_out * share * (1 - share) / asked)
    if failed in {0, asked}:
        single = _RULE_OF_THREE / asked * left_out
    if count < 2:  # noqa: PLR2004 - one group says nothing of the differences
        return 1.0
    residues = sum((fail - share * ask) ** 2 for ask, fail in groups) / (count - 1)
    # a little more than the normal quantile, as Student's is with so few groups
    quantile = _NORMAL + 2.4 / (count - 1)
    return max(single, quantile * math.sqrt(left_out * residues / count) / (asked / count))
