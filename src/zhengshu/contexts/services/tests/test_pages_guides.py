"""What a guide tells different readers: the way to the form, and what is held of them without asking any register."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.certificates.tests import factories as certificates
from zhengshu.contexts.services.tests import intake_kit
from zhengshu.contexts.services.tests.factories import draft, published
from zhengshu.contexts.services.tests.intake_kit import ANNA, Hall, PlayedRegisters
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db

CASE_TYPE = "insured-certificate"
MATERIALS = [
    {"name": "身份信息", "source": "register", "elements": ["citizen-id", "person-name"]},
    {"name": "参保凭证", "source": "certificate", "certificate_type": CASE_TYPE, "issuer": "人社局"},
]
APPLY = reverse("apply:start", args=[CASE_TYPE])


@pytest.fixture
def registers() -> Iterator[PlayedRegisters]:
    with intake_kit.registers() as played:
        yield played


@pytest.fixture
def place(registers: PlayedRegisters) -> Hall:
    made = intake_kit.hall()
    intake_kit.offer(made, code=CASE_TYPE)
    published("p-guide", draft(case_type=CASE_TYPE, materials=MATERIALS))
    return made


def guide(actor: Actor | None = None, code: str = "p-guide") -> str:
    client = Client()
    if actor is not None:
        client.force_login(trust.account_of(actor))
    return client.get(reverse("services:item-guide", args=[code])).content.decode()


class TestWayIn:
    @pytest.mark.usefixtures("place")
    def test_a_visitor_signs_in_first_and_comes_to_the_form(self) -> None:
        text = guide()

        assert f'href="{APPLY}"' in text
        assert "先登录" in text
        assert Client().get(APPLY).headers["Location"] == f"{reverse('account_login')}?next={APPLY}"

    def test_a_citizen_comes_to_the_form(self, place: Hall) -> None:
        text = guide(place.citizen)

        assert f'href="{APPLY}"' in text
        assert "在线申办" in text

    def test_an_official_of_no_window_finds_no_way(self, place: Hall) -> None:
        assert f'href="{APPLY}"' not in guide(place.head)

    def test_what_is_not_offered_online_says_where(self, place: Hall) -> None:
        published("p-hall", draft(case_type=CASE_TYPE, channels=["1"]))

        text = guide(place.citizen, "p-hall")

        assert f'href="{APPLY}"' not in text
        assert "下面的地点" in text

    def test_an_item_that_is_only_described_has_no_button(self, place: Hall) -> None:
        published("p-told")

        assert 'class="btn btn-primary"' not in guide(place.citizen, "p-told")

    def test_a_part_of_one_thing_leads_there(self) -> None:
        published("birth-certificate")

        assert reverse("services:thing-begin", args=["newborn"]) in guide(code="birth-certificate")


class TestWhatIsHeld:
    def test_of_the_reader_himself_masked_and_without_asking_a_register(
        self, place: Hall, registers: PlayedRegisters
    ) -> None:
        by = certificates.issuer(CASE_TYPE)
        holder = certificates.ZHAO
        assert holder.number == ANNA
        own = certificates.insured(by)

        text = guide(place.citizen)

        assert "470302********1236" in text
        assert ANNA not in text
        assert own.serial not in text
        assert f"****{own.serial[-4:]}" in text
        assert registers.asked_for == []

    def test_somebody_else_sees_nothing_of_it(self, place: Hall) -> None:
        own = certificates.insured(certificates.issuer(CASE_TYPE))

        for text in (guide(place.other), guide(), guide(place.head)):
            assert f"****{own.serial[-4:]}" not in text
            assert "470302********1236" not in text
        assert "没有查到" in guide(place.other)
