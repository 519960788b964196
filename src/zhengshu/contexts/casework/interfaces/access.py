"""Who may open the pages of cases; what they see there is decided in the query."""

from zhengshu.contexts.casework.models.readers import CASE_ROLES

READERS = tuple(sorted(CASE_ROLES))
