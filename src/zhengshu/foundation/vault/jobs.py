"""The worker's part of the vault: every minute, go on with encrypting anew what is due."""

from django.utils import timezone

from zhengshu.foundation.jobs import app
from zhengshu.foundation.vault import reencrypting

SECONDS = 50.0


@app.periodic(cron="* * * * *")
@app.task(name="foundation.reencrypt", queueing_lock="foundation.reencrypt", pass_context=False)
def reencrypt(timestamp: int) -> int:  # noqa: ARG001 - the schedule passes its time
    """Encrypt anew for most of a minute; a killed worker's part is gone on with in the next."""
    return reencrypting.go_on(at=timezone.now(), seconds=SECONDS)
