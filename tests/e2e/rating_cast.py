"""A citizen whose matter has ended, and the item that he rates: run as a program in the platform's environment."""

from datetime import timedelta

from django.utils import timezone

from tests.e2e.cast import PASSWORD

CITIZEN, NAME, ITEM = "citizen.song", "宋知秋", "e2e-stall"
ITEM_NAME = "临时摊点登记"


def fill() -> None:
    """Let the citizen have an account, the clerk's department an item, and two matters wait for a rating."""
    from zhengshu.contexts.services import api as services
    from zhengshu.contexts.services.models import Application, RatingInvitation, ServiceItem
    from zhengshu.contexts.trust import api as trust
    from zhengshu.contexts.trust.models import Account
    from zhengshu.kernel.actors import Actor
    from zhengshu.kernel.identity import new_id

    at = timezone.now()
    if Account.objects.filter(username=CITIZEN).exists():
        return
    person = trust.add_citizen(
        username=CITIZEN,
        name=NAME,
        citizen_id="11010519491231003" + _check("11010519491231003"),
        password=PASSWORD,
        actor=Actor.platform("tests.ratings"),
        at=at,
    )
    office = trust.official_by_username(username="clerk").department_id
    name = trust.department(department_id=office).name
    item = ServiceItem.objects.create(
        code=ITEM, name=ITEM_NAME, department_id=office, department_name=name, level="3", kind="20",
        audiences=["1"], case_kind="2", state="published", origin="content", changed_at=at,
    )  # fmt: skip
    clerk = trust.actor_of(official_id=trust.official_by_username(username="clerk").id)
    group = services.form_window_group(letter="Z", name="摊点窗口", items=[], actor=clerk, at=at)
    kiosk = services.kiosk_behind(
        services.register_kiosk(name="取号机", place="大厅", actor=clerk, at=at), address=clerk.address
    )
    assert kiosk is not None
    ticket = services.take_ticket(group_id=group.id, once=new_id(), kiosk=kiosk, at=at)
    services.call_next(group_id=group.id, window="3号窗口", actor=clerk, at=at)
    for step in (services.Step.SERVE, services.Step.END):
        services.move_ticket(ticket_id=ticket.id, step=step, actor=clerk, at=at)
    for number in (1, 2):
        RatingInvitation.objects.create(
            case_id=new_id(), case_number=f"TD20261128000{number}", item_code=ITEM, item_name=ITEM_NAME,
            department_id=office, department_name=name, person_id=person, opened_at=at,
            expires_at=at + timedelta(days=30),
        )  # fmt: skip
    for state, channel, is_hands_free in (
        ("granted", "3", True),
        ("granted", "2", False),
        ("refused", "1", False),
    ):
        Application.objects.create(
            number=f"TD{new_id().hex[-12:]}", item=item, item_version=1, case_type="", case_id=new_id(),
            draft_id=new_id(), channel=channel, applicant_id=person, opened_by=person, department_id=office,
            verdict="pass", is_hands_free=is_hands_free, state=state, submitted_at=at, decided_at=at,
        )  # fmt: skip


def _check(body: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * int(digit) for weight, digit in zip(weights, body, strict=True))
    return "10X98765432"[total % 11]


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    fill()
