"""Applications that processes send in the tests of faults; a program of its own, see `tests/kit/zygote.py`."""

import os
from collections.abc import Mapping
from uuid import UUID

from tests.kit.zygote import serve


def _send(one: Mapping[str, str]) -> str:
    from django.utils import timezone

    from zhengshu.contexts.services import api
    from zhengshu.contexts.services.tests import intake_kit
    from zhengshu.contexts.trust import api as trust

    with intake_kit.registers(**{f"id_{intake_kit.ANNA}": intake_kit.INSURED}):
        return api.submit_application(
            draft_id=UUID(one["draft"]),
            channel=api.Channel.MOBILE,
            actor=trust.actor_of(official_id=UUID(one["actor"])),
            at=timezone.now(),
        ).number


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    serve(
        {"send": _send},
        modules=["zhengshu.contexts.services.tests.intake_kit", "zhengshu.foundation.seals.templates"],
    )
