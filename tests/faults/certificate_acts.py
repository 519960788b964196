"""What processes do with certificates in the tests of faults; a program of its own, see `tests/kit/zygote.py`."""

import os
from collections.abc import Mapping
from uuid import UUID

from tests.kit.zygote import serve


def _issue(one: Mapping[str, str]) -> str:
    from django.utils import timezone

    from zhengshu.contexts.certificates import api
    from zhengshu.contexts.certificates.tests import factories
    from zhengshu.kernel.identity import CaseId, DepartmentId

    record = api.issue(
        type_code="food-permit",
        holder=factories.FIRM,
        values=factories.FOOD,
        case_id=CaseId(UUID(one["case"])),
        department_id=DepartmentId(UUID(one["department"])),
        actor=factories.PLATFORM,
        at=timezone.now(),
    )
    return record.number


def _end(one: Mapping[str, str]) -> str:
    from django.utils import timezone

    from zhengshu.contexts.certificates import api
    from zhengshu.contexts.trust import api as trust

    record = api.revoke(
        certificate_id=UUID(one["certificate"]),
        ending=api.Ending.REVOKED,
        reason="以欺骗手段取得",
        actor=trust.actor_of(official_id=UUID(one["actor"])),
        at=timezone.now(),
    )
    return f"ended {record.number}"


def _replace(one: Mapping[str, str]) -> str:
    from django.utils import timezone

    from zhengshu.contexts.certificates import api
    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.identity import CaseId, new_id

    actor = trust.actor_of(official_id=UUID(one["actor"]))
    changes = {"projects": one["projects"]}
    case_id = CaseId(UUID(one.get("case", "")) if one.get("case") else new_id())
    return api.replace(
        certificate_id=UUID(one["certificate"]),
        values=changes,
        case_id=case_id,
        actor=actor,
        at=timezone.now(),
    ).number


def _renew(one: Mapping[str, str]) -> str:
    from django.utils import timezone

    from zhengshu.contexts.certificates import api
    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.identity import CaseId, new_id

    actor = trust.actor_of(official_id=UUID(one["actor"]))
    return api.renew(
        certificate_id=UUID(one["certificate"]), case_id=CaseId(new_id()), actor=actor, at=timezone.now()
    ).number


def _open(one: Mapping[str, str]) -> str:
    from django.utils import timezone

    from zhengshu.contexts.certificates.application.present_certificate import open_presentation
    from zhengshu.kernel.actors import Actor

    actor = Actor.anonymous(address="192.0.2.7")
    return open_presentation(token=one["token"], actor=actor, at=timezone.now()).number


def _ofd(one: Mapping[str, str]) -> str:
    from django.utils import timezone

    from zhengshu.contexts.certificates.application.take_file import write_ofd

    write_ofd(certificate_id=UUID(one["certificate"]), at=timezone.now())
    return "written"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    serve(
        {
            "issue": _issue,
            "revoke": _end,
            "replace": _replace,
            "renew": _renew,
            "open": _open,
            "ofd": _ofd,
        },
        modules=[
            "zhengshu.contexts.certificates.tests.factories",
            "zhengshu.contexts.certificates.application.take_file",
            "zhengshu.foundation.seals.templates",
            "zhengshu.foundation.seals.ofd_sealing",
        ],
    )
