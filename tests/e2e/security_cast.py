"""Calls that rules find, a witness in trouble and an alarm: run as a program, in the environment of the platform."""

from datetime import timedelta

from django.utils import timezone

from tests.e2e.cast import PASSWORD

CITIZEN, CITIZEN_ID = "citizen.wu", "36042619910101008X"


def fill() -> None:
    """Add a grant with calls, a citizen about whom they were, a witness and an alarm."""
    from zhengshu.contexts.exchange.application.count_new_calls import SETTLED_AFTER
    from zhengshu.contexts.exchange.application.watch_calls import watch_calls
    from zhengshu.contexts.exchange.models import Grant
    from zhengshu.contexts.trust import api as trust
    from zhengshu.contexts.trust.models import Witness
    from zhengshu.foundation.tlog.cosignatures import cosigner_vkey
    from zhengshu.kernel.actors import Actor
    from zhengshu.kernel.identity import new_id

    actor, at = Actor.platform("tests.cast"), timezone.now()
    officers = {
        name: trust.official_by_username(username=f"{name}.officer").department_id
        for name in ("consumer", "provider")
    }
    system = trust.register_consuming_system(
        name="社会救助核对系统", department_id=officers["consumer"], actor=actor, at=at
    )
    grant = Grant.objects.create(
        id=new_id(), request_id=new_id(), system_id=system.id, system_name=system.name,
        consumer_department_id=officers["consumer"], provider_department_id=officers["provider"],
        resource_id=new_id(), resource_code="470300-00012", resource_name="企业法定代表人信息",
        view_name="none", key_columns=["citizen_id"],
        fields=[{"name": "企业名称", "column": "name", "grade": 1, "mask": "none"}], row_filter=[],
        purposes=["social_assistance", "administrative_penalty"], operations=["records"], needs_case=False,
        quota_per_second=50, quota_per_day=10000, active_from=at - timedelta(days=90),
        active_to=at + timedelta(days=90),
    )  # fmt: skip
    trust.add_citizen(
        username=CITIZEN, name="吴敏", citizen_id=CITIZEN_ID, password=PASSWORD, actor=actor, at=at
    )
    _call(grant)
    # A call that another test has just made stands before these, and is not settled yet.
    watch_calls(at=timezone.now() + SETTLED_AFTER)
    trust.raise_alarm(
        trust.AlarmKind.DIFFERS,
        answer="2026-03-02: answered 41 in the log, 40 in the record",
        details=["2026-03-02 11470300… 社会救助核对系统: answered 41 in the log, 40 in the record"],
        at=at,
    )
    Witness.objects.create(
        name="audit.example/witness",
        vkey=cosigner_vkey("audit.example/witness", bytes(32)),
        address="http://127.0.0.1:9",
        added_at=at,
        size=120,
        trouble="forked",
        trouble_since=at,
        answer="409",
    )


def _call(grant: object) -> None:
    """Record a day's calls: reads of one citizen again and again, at night and without a case."""
    from zhengshu.contexts.exchange.domain.subjects import KEY_USE, subject_digest
    from zhengshu.contexts.exchange.models import CallRecord, Grant
    from zhengshu.foundation.crypto.sealing import derived_key
    from zhengshu.kernel.identity import new_id

    assert isinstance(grant, Grant)
    night = timezone.localtime().replace(hour=23, minute=5, second=0) - timedelta(days=3)
    for number in range(40):
        digest = subject_digest({"citizen_id": CITIZEN_ID}, key=derived_key(KEY_USE))
        CallRecord.objects.create(
            id=new_id(), at=night + timedelta(seconds=number), gateway="cast", key_id="k", nonce=str(number),
            system_id=grant.system_id, consumer_department_id=grant.consumer_department_id,
            provider_department_id=grant.provider_department_id, grant_id=grant.id,
            resource_code=grant.resource_code, operation="verify" if number % 9 == 0 else "records",
            purpose="social_assistance", case_ref="" if number % 3 else "救助〔2026〕17号", verdict="ok",
            fields=["name"], row_count=1, request_digest=b"1", subject_digest=digest,
        )  # fmt: skip


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    fill()
