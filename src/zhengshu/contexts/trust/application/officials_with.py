"""Who in a department holds one of some roles, for whatever has to reach them."""

from collections.abc import Iterable
from uuid import UUID

from zhengshu.contexts.trust.domain.kinds import AccountKind
from zhengshu.foundation.statements import Statement

_HOLDERS = Statement(
    """
    SELECT DISTINCT account.id
    FROM trust_account account JOIN trust_role_assignment held ON held.account_id = account.id
    WHERE account.department_id = %s AND account.kind = %s AND account.is_active
        AND held.role = ANY (%s) AND held.active_from <= statement_timestamp()
        AND (held.active_to IS NULL OR held.active_to > statement_timestamp())
    """
)


def officials_with(*, department_id: UUID, roles: Iterable[str]) -> frozenset[UUID]:
    """Return the active officials of a department who hold one of some roles now; `officials`, written once."""
    return frozenset(row[0] for row in _HOLDERS.rows(department_id, AccountKind.OFFICIAL.value, list(roles)))
