"""Cases for the browser tests of lists: run as a program, in the environment of the platform that it fills."""

from datetime import timedelta

from django.utils import timezone

TITLES = (
    "城镇职工基本养老保险参保信息",
    "机动车登记信息",
    "不动产登记信息",
    "排污许可信息",
    "教师资格信息",
    "食品经营许可信息",
)


def fill() -> None:
    """Let the consumer ask the provider, some days ago; the first is returned with a reason."""
    from zhengshu.contexts.casework import api
    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.identity import new_id

    people = {
        name: trust.actor_of(official_id=trust.official_by_username(username=name).id)
        for name in ("consumer.officer", "consumer.head", "provider.officer", "authority.reviewer")
    }
    officer, head = people["consumer.officer"], people["consumer.head"]
    parties = {
        "requester": officer.department_id,
        "provider": people["provider.officer"].department_id,
        "authority": people["authority.reviewer"].department_id,
    }
    for day, title in enumerate(TITLES):
        at = timezone.now() - timedelta(days=4 * day)
        key = new_id()
        case = api.open_case(
            case_type="share-request",
            subject=api.CaseSubject(
                kind="share_request", id=key, title=title, path=f"/exchange/requests/{key}/"
            ),
            parties={name: one for name, one in parties.items() if one is not None},
            data={"sharing_class": "conditional"},
            actor=officer,
            at=at,
        )
        outcome, reason = ("return", "使用范围写得过宽，请按最小必要重写") if day == 0 else ("approve", "")
        api.complete_task(
            case_id=case.id, task="head_approval", outcome=outcome, reason=reason, actor=head, at=at
        )


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    fill()
