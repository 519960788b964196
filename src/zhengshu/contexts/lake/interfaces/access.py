"""Who may open which pages of `lake`; what is seen there is decided in the query."""

from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.actors import Role

readers = allow(
    Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.REVIEWER, Role.LEADER, Role.OPERATOR, Role.APPROVER
)
"""Whose daily work is data."""

owners = allow(Role.DATA_OFFICER, Role.DEPARTMENT_HEAD)
"""Who may see the rows of the own department."""

officers = allow(Role.DATA_OFFICER)
"""Who delivers and corrects."""
