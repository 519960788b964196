"""What one thing does when the case of a part ends."""

from django.utils import timezone

from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.services.application.carry_bundle import follow_part
from zhengshu.contexts.services.application.issue_results import issue_result
from zhengshu.contexts.services.application.register_firm import register_firm
from zhengshu.foundation.events import on


@on(CaseClosed)
def part_ended(event: CaseClosed) -> None:
    """Begin what waited for the part, and conclude the one thing with its last part."""
    follow_part(event)


@on(CaseClosed)
def part_certified(event: CaseClosed) -> None:
    """Issue the certificate of the part."""
    issue_result(event, at=timezone.now())


@on(CaseClosed)
def part_registered(event: CaseClosed) -> None:
    """Let whoever founded an enterprise represent it here, and take over what its registration says."""
    register_firm(event)
