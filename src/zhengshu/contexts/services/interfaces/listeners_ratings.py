"""What ratings do when cases end."""

from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.services.application.invite_rating import invite_after_case
from zhengshu.contexts.services.application.open_rectifications import CASE_TYPE, follow_rectification
from zhengshu.foundation.events import on


@on(CaseClosed)
def ask_for_a_rating(event: CaseClosed) -> None:
    """Let the applicant rate the service, or note how a bad rating was mended."""
    if event.case_type == CASE_TYPE:
        follow_rectification(event)
    else:
        invite_after_case(event)
