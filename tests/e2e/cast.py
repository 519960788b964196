"""The people of the browser tests: run as a program, in the environment of the platform that it fills."""

from dataclasses import replace

from django.utils import timezone

PASSWORD = "Ping-An-2026"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Of the administrators, who need a second factor."""

CITY = "470300"

DEPARTMENTS = {
    "authority": "明州市数据局",
    "provider": "明州市市场监督管理局",
    "consumer": "明州市人力资源和社会保障局",
}

PEOPLE = {
    "provider.officer": ("provider", "陈思远", ("data_officer",)),
    "provider.head": ("provider", "周国平", ("department_head",)),
    "consumer.officer": ("consumer", "林晓雯", ("data_officer",)),
    "consumer.head": ("consumer", "郑海涛", ("department_head",)),
    "authority.reviewer": ("authority", "沈佳", ("reviewer",)),
    "authority.leader": ("authority", "顾明远", ("leader",)),
    "system.admin": ("authority", "何俊", ("system_admin",)),
    "security.admin": ("authority", "许静", ("security_admin",)),
    "audit.admin": ("authority", "高峰", ("audit_admin",)),
    "newcomer": ("consumer", "新来人", ("data_officer",)),
    "passkey.person": ("consumer", "宋嘉", ("data_officer",)),
    "app.person": ("consumer", "冯远", ("data_officer",)),
    "clerk": ("consumer", "吴敏", ("window_clerk",)),
}
"""User name → department, name, roles. The newcomer must change the first password."""


def fill() -> None:
    """Add the departments and their people."""
    from allauth.mfa.totp.internal.auth import TOTP

    from zhengshu.contexts.trust import api as trust
    from zhengshu.contexts.trust.models import Account
    from zhengshu.contexts.trust.tests.factories import credit_code
    from zhengshu.kernel.actors import Actor, Role

    actor, at = Actor.platform("tests.cast"), timezone.now()
    # Sessions are shared between tests; none shall be asked again who it is only because the machine is slow.
    trust.change_policy(values=replace(trust.policy_values(), step_up_minutes=60), actor=actor, at=at)
    departments = {
        key: trust.add_department(
            code=credit_code(number),
            name=name,
            short_name="",
            region=CITY,
            level=trust.Level.CITY,
            parent_id=None,
            is_data_authority=key == "authority",
            actor=actor,
            at=at,
        )
        for number, (key, name) in enumerate(DEPARTMENTS.items(), start=1)
    }
    for username, (department, name, roles) in PEOPLE.items():
        account_id = trust.add_official(
            username=username,
            name=name,
            department_id=departments[department].id,
            roles=[Role(role) for role in roles],
            password=PASSWORD,
            must_change_password=username == "newcomer",
            actor=actor,
            at=at,
        )
        if username.endswith(".admin"):
            TOTP.activate(Account.objects.get(id=account_id), TOTP_SECRET)


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    fill()
