"""An application follows its case to its end."""

from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.services.application.count_application import count_end
from zhengshu.contexts.services.domain.applications import ApplicationState, state_at
from zhengshu.contexts.services.models import Application
from zhengshu.foundation.transactions import transaction


@transaction
def follow_end(event: CaseClosed) -> None:
    """Note how and when an application was decided, and what that adds to the figures; told twice is noted once."""
    rows = Application.objects.filter(case_id=event.case_id)
    rows.filter(state=ApplicationState.OPEN.value).update(
        state=state_at(event.end).value, decided_at=event.at
    )
    row = rows.defer("sources").first()
    if row is not None:
        count_end(row)
