"""Who may open the pages of cases; what they see there is decided in the query."""

from zhengshu.contexts.casework.models.readers import CASE_READERS, CASE_ROLES

READERS = tuple(sorted(CASE_READERS))
CASE_OFFICIALS = tuple(sorted(CASE_ROLES))
"""Who works with the cases of departments, declares absences and looks at case types in the making."""
