"""Search: by words, by what words mean, only what is offered, and the same number of queries however many there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from zhengshu.contexts.services.application.index import INDEX
from zhengshu.contexts.services.application.learn_meanings import learn_meanings
from zhengshu.contexts.services.application.search_items import search, suggest
from zhengshu.contexts.services.domain.questions import core_of, words_of
from zhengshu.contexts.services.models import ServiceItem, Theme
from zhengshu.contexts.services.tests.factories import AT, draft, published
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor

ANYBODY = Actor.anonymous()


def found(text: str, **filters: tuple[str, ...]) -> list[str]:
    page = search(query=ListQuery(text=text, filters=filters), actor=ANYBODY)
    return [row.code for row in page.rows]


@pytest.mark.django_db
class TestSearch:
    def test_finds_by_everyday_words_that_stand_in_no_name(self) -> None:
        published("s-pension", draft(name="城镇企业职工基本养老金申领", summary=""))
        published("s-tree", draft(name="林木采伐许可证核发", summary=""))
        published("s-lamp")
        learn_meanings(at=AT)

        assert found("退休了怎么领钱")[0] == "s-pension"
        assert found("山上的树能砍吗")[0] == "s-tree"

    def test_finds_by_words_before_any_meaning_was_learned(self) -> None:
        published("s-lamp")

        assert found("路灯坏了找谁修") == ["s-lamp"]

    def test_finds_by_how_people_call_it(self) -> None:
        published("s-home", draft(name="不动产首次登记", words=["办房产证", "新房办证"], summary=""))

        assert found("房产证") == ["s-home"]

    def test_an_item_whose_name_is_asked_for_comes_first(self) -> None:
        for number in range(5):
            published(f"s-other-{number}", draft(name=f"城镇路灯设施第{number}号建设审批"))
        published("s-lamp")
        learn_meanings(at=AT)

        assert found("路灯报修")[0] == "s-lamp"

    @pytest.mark.parametrize("struck", ["zzqqxx", "asdfgh", "zhengshu", "12345"])
    def test_finds_nothing_for_letters_struck_at_random(self, struck: str) -> None:
        published("s-birth", draft(name="出生医学证明签发", words=["生孩子", "新生儿"]))
        published("s-old", draft(name="高龄津贴", words=["尊老金", "老年津贴"]))
        learn_meanings(at=AT)

        assert found(struck) == []
        assert found("birth certificate")[0] == "s-birth"

    def test_says_nothing_of_what_is_not_offered(self) -> None:
        item = published("s-secret", draft(name="星际旅行许可"))
        learn_meanings(at=AT)
        ServiceItem.objects.filter(id=item.id).update(state="draft")

        assert found("星际旅行") == []
        assert suggest(text="星际旅行", actor=ANYBODY).rows == ()

    def test_a_new_meaning_is_known_to_a_process_that_asked_before(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("zhengshu.contexts.services.application.index.SECONDS", 0.0)
        published("s-lamp")
        learn_meanings(at=AT)
        assert found("退休了怎么领钱") != ["s-pension"]

        published("s-pension", draft(name="城镇企业职工基本养老金申领", summary=""))
        learn_meanings(at=AT)

        assert found("退休了怎么领钱")[0] == "s-pension"

    def test_filters_narrow_and_facets_count(self) -> None:
        published("s-lamp")
        published("s-shop", draft(name="路灯广告设置许可", kind="01", audiences=["2"]))

        page = search(query=ListQuery(text="路灯", filters={"kind": ("01",)}), actor=ANYBODY)

        assert [row.code for row in page.rows] == ["s-shop"]
        assert page.facets["audience"] == {"2": 1}
        browsed = search(query=ListQuery(filters={"department": ("测试局",)}), actor=ANYBODY)
        assert (browsed.total, browsed.facets["kind"]) == (2, {"20": 1, "01": 1})

    def test_themes_are_counted_among_what_was_found_as_among_all(self) -> None:
        for code, themes in (
            ("s-lamp", ("lamps", "birth")),
            ("s-lamp-2", ("lamps",)),
            ("s-tree", ("lamps",)),
        ):
            published(code, draft(name="树木登记" if code == "s-tree" else "路灯登记"))
            for theme in themes:
                known = Theme.objects.get_or_create(
                    code=theme,
                    defaults={
                        "kind": "topic",
                        "is_for_people": True,
                        "is_for_enterprises": False,
                        "position": 1,
                    },
                )[0]
                known.items.add(ServiceItem.objects.get(code=code))

        found_by_words = search(query=ListQuery(text="路灯"), actor=ANYBODY)
        browsed = search(query=ListQuery(), actor=ANYBODY)

        assert found_by_words.facets["theme"] == {"lamps": 2, "birth": 1}
        assert browsed.facets["theme"] == {"lamps": 3, "birth": 1}

    def test_what_fits_can_be_put_in_another_order(self) -> None:
        for number, organ in ((2, "甲局"), (1, "乙局"), (3, "丙局")):
            published(f"s-{number}", draft(name=f"路灯第{number}类"), department_name=organ)

        for sort, column in (("name", "name"), ("-name", "-name"), ("department", "department_name")):
            page = search(query=ListQuery(text="路灯", sort=sort), actor=ANYBODY)
            wanted = ServiceItem.objects.order_by(column).values_list("code", flat=True)
            assert [row.code for row in page.rows] == list(wanted)

    def test_an_unknown_filter_value_finds_nothing(self) -> None:
        published("s-lamp")

        assert found("路灯", level=("nine",)) == []
        assert found("", theme=("'; --",)) == []

    def test_asks_the_database_as_often_for_many_items(
        self, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(60):
            published(f"s-many-{number}", draft(name=f"第{number}类路灯设施登记"))
        learn_meanings(at=AT)
        INDEX.forget()

        with django_assert_max_num_queries(7):
            page = search(query=ListQuery(text="路灯登记", size=50), actor=ANYBODY)

        assert len(page.rows) == 50


@pytest.mark.django_db
class TestEverydayWords:
    @pytest.fixture(autouse=True)
    def _offered(self) -> None:
        published("s-move", draft(name="义务教育阶段学生学籍异动办理", summary=""))
        published("s-roll", draft(name="中小学学籍查询", summary=""))
        published("s-wed", draft(name="结婚登记预约", summary=""))
        for step in ("变更", "补办", "新办", "注销"):
            published(f"s-food-{step}", draft(name=f"食品经营许可证{step}", summary=""))
        learn_meanings(at=AT)

    def test_an_official_term_is_found_by_what_people_say_and_the_page_tells_so(self) -> None:
        page = search(query=ListQuery(text="小孩想转学"), actor=ANYBODY)

        assert page.rows[0].code == "s-move"
        assert (page.called["s-move"].typed, page.called["s-move"].term) == ("转学", "学籍异动")
        assert "s-wed" not in page.called

    @pytest.mark.parametrize(
        ("asked", "step"),
        [
            ("食品经营许可证", "新办"),
            ("食品经营许可证丢了", "补办"),
            ("食品经营许可证改名字", "变更"),
            ("店不开了食品经营许可证怎么注销", "注销"),
        ],
    )
    def test_the_step_that_was_asked_for_comes_first(self, asked: str, step: str) -> None:
        assert found(asked)[0] == f"s-food-{step}"

    def test_a_wrong_letter_of_the_same_sound_is_understood_and_said(self) -> None:
        page = search(query=ListQuery(text="结婚登纪"), actor=ANYBODY)

        assert page.rows[0].code == "s-wed"
        assert page.corrected == "结婚登记"
        assert search(query=ListQuery(text="结婚登记"), actor=ANYBODY).corrected == ""

    @pytest.mark.parametrize("typed", ["jiehun", "jhdj", "jiehundengji"])
    def test_finds_by_letters(self, typed: str) -> None:
        assert found(typed)[0] == "s-wed"

    def test_by_the_words_alone_nothing_is_put_in_their_place(self) -> None:
        page = search(query=ListQuery(text="小孩想转学"), actor=ANYBODY, by_meaning=False)

        assert page.rows == ()


class TestQuestions:
    @given(st.text(max_size=120))
    def test_reads_whatever_was_typed(self, text: str) -> None:
        core = core_of(text)

        assert len(core) <= 100
        assert all("'" not in word and "\\" not in word for word in words_of(text))

    def test_leaves_out_what_every_question_has(self) -> None:
        assert core_of("请问开饭馆需要办什么手续？") == "开饭馆"
        assert core_of("怎么办") == "怎么办"
