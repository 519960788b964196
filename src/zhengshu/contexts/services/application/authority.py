"""The data authority that looks after an organ's items."""

from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.identity import DepartmentId


def authority_over(department_id: DepartmentId) -> DepartmentId | None:
    """Return the data authority of the organ's region; None where there is none."""
    try:
        return trust.data_authority_for(department_id=department_id).id
    except trust.DataAuthorityUnknown:
        return None
