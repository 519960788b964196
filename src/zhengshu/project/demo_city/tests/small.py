"""How large the tests' city is."""

from typing import Final

SMALL: Final = 6_000
SEED: Final = 47
