"""Who may open which pages of `quality`; what is seen there is decided in the query."""

from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.actors import Role

READERS = (
    Role.DATA_OFFICER,
    Role.DEPARTMENT_HEAD,
    Role.REVIEWER,
    Role.LEADER,
    Role.OPERATOR,
    Role.APPROVER,
)
ASSESSORS = (Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.REVIEWER)

readers = allow(*READERS)
"""Whose daily work is data."""

assessors = allow(*ASSESSORS)
"""Who may have tables assessed, and see the rows that fail."""

authority = allow(Role.REVIEWER)
"""Who writes rules in SQL, and sees their statements: the data authority."""

owners = allow(Role.DATA_OFFICER, Role.DEPARTMENT_HEAD)
"""Who answers for the rows of the own department."""

officers = allow(Role.DATA_OFFICER)
"""Who corrects rows."""
