"""The proof log's name: recorded at the first start, the same ever after."""

from django.conf import settings

from zhengshu.contexts.trust.application.publish_log import log_folder
from zhengshu.contexts.trust.models import LogName
from zhengshu.foundation.tlog.keys import require_name
from zhengshu.foundation.transactions import transaction


@transaction
def keep_log_name() -> None:
    """Record the name of the log where none is recorded; a log that is published already keeps the name that it has.

    Raises:
        LogRenamed: the settings name another log than the one that strangers know.
    """
    name, _ = LogName.objects.get_or_create(
        is_only=True, defaults={"origin": _published_name() or settings.PROOF_LOG_ORIGIN}
    )
    require_name(settings.PROOF_LOG_ORIGIN, recorded=name.origin)


def require_log_name() -> None:
    """Refuse to go on where the settings name another log than the recorded one.

    Raises:
        LogRenamed: they do.
    """
    recorded = LogName.objects.values_list("origin", flat=True).first()
    require_name(settings.PROOF_LOG_ORIGIN, recorded=recorded)


def _published_name() -> str:
    """Return the first line of the published checkpoint, which is the log's name; empty before the first."""
    return log_folder().checkpoint().partition("\n")[0]
