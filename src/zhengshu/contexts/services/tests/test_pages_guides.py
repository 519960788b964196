"""What a guide tells different readers: the way to the form, and what is held of them without asking any register."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.certificates.tests import factories as certificates
from zhengshu.contexts.services.tests import intake_kit
from zhengshu.contexts.services.tests.factories import draft, published
from zhengshu.contexts.services.tests.intake_kit import ANNA, Hall, PlayedRegisters
from zhengshu.contexts.services.tests.test_elements import full
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


class TestEnglish:
    SENTENCE = "What the organ wrote about this item is in Chinese only."

    def page(self, path: str, language: str) -> str:
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client.get(path).content.decode()

    def test_marks_the_words_of_the_item_as_chinese_and_says_so(self) -> None:
        published("e-lamp", draft(name="路灯报修", name_en="", summary="坏了的路灯"))
        path = reverse("services:item-guide", args=["e-lamp"])

        english, chinese = self.page(path, "en"), self.page(path, "zh-hans")

        assert '<h1><bdi lang="zh-Hans">路灯报修</bdi></h1>' in english
        assert "<title>路灯报修 · " in english
        assert self.SENTENCE in english
        assert 'lang="zh-Hans">坏了的路灯' in english
        assert "<bdi" not in chinese
        assert self.SENTENCE not in chinese

    def test_leaves_every_chinese_word_of_a_full_guide_marked(self) -> None:
        published("e-full", full(themes=[], name_en="Street lamp", summary_en="A lamp that does not light"))

        shown = self.page(reverse("services:item-guide", args=["e-full"]), "en")

        assert "<h1>Street lamp</h1>" in shown
        body = shown[shown.index("<main") : shown.index("</main>")]
        unmarked = re.sub(r'<bdi lang="zh-Hans">[^<]*</bdi>|<(?:a|button)[^>]*>', "", body)
        assert re.findall(r"[\u4e00-\u9fff]+", unmarked) == []

    def test_marks_names_and_organs_in_the_list(self) -> None:
        published(
            "e-lamp", draft(name="路灯报修", name_en="", summary="坏了的路灯"), department_name="市城管局"
        )
        published("e-sign", draft(name="店招设置", name_en="Shop signs"))

        english = self.page(reverse("services:item-list"), "en")

        for words in ("路灯报修", "坏了的路灯", "市城管局"):
            assert f'<bdi lang="zh-Hans">{words}</bdi>' in english
        assert ">Shop signs</a>" in english


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
