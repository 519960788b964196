"""How large the city is where nobody says otherwise; apart from what draws it, which is slow to import."""

from typing import Final

DEFAULT_PERSONS: Final = 200_000
DEFAULT_SEED: Final = 20260630
