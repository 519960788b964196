"""An application follows its case to its end."""

from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.services.domain.applications import ApplicationState, state_at
from zhengshu.contexts.services.models import Application
from zhengshu.foundation.transactions import transaction


@transaction
def follow_end(event: CaseClosed) -> None:
    """Note how and when an application was decided; told twice is noted once."""
    Application.objects.filter(case_id=event.case_id, state=ApplicationState.OPEN.value).update(
        state=state_at(event.end).value, decided_at=event.at
    )
