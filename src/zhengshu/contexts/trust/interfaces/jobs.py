"""Background jobs of `trust`: sessions that nobody uses any more end, and relying parties hear of ends."""

from django.utils import timezone

from zhengshu.contexts.trust.application.keep_sessions import end_idle_sessions
from zhengshu.contexts.trust.application.sign_on import ending
from zhengshu.contexts.trust.application.sign_on.tell_parties import tell_parties
from zhengshu.contexts.trust.application.sync_directory import configured
from zhengshu.contexts.trust.application.sync_directory import sync_directory as take_directory
from zhengshu.contexts.trust.domain.account_lists import Verdict
from zhengshu.foundation.jobs import app

EVERY_MINUTE = "* * * * *"


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="trust.end_idle_sessions", queueing_lock="trust.end_idle_sessions", pass_context=False)
def end_idle(timestamp: int) -> int:  # noqa: ARG001 - procrastinate passes it
    """End the sessions whose time is over, so that those who were told of them hear it; return how many."""
    return end_idle_sessions(at=timezone.now())


@app.task(name=ending.JOB, pass_context=False)
def tell() -> int:
    """Tell relying parties of ended sessions; return how many have heard."""
    return tell_parties(at=timezone.now())


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="trust.tell_parties_again", queueing_lock="trust.tell_parties_again", pass_context=False)
def tell_again(timestamp: int) -> int:  # noqa: ARG001 - procrastinate passes it
    """Try those again who did not answer; return how many have heard now."""
    return tell_parties(at=timezone.now())


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="trust.sync_directory", queueing_lock="trust.sync_directory", pass_context=False)
def sync_directory(timestamp: int) -> int:  # noqa: ARG001 - procrastinate passes it
    """Take the directory of officials over, where there is one; return how many accounts changed."""
    place = configured()
    if place is None:
        return 0
    done = take_directory(place, at=timezone.now())
    return sum(count for verdict, count in done.counts.items() if verdict is not Verdict.UNCHANGED)
