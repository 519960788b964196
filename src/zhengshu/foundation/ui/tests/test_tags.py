from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import engines
from django.utils.safestring import SafeString

from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui import tags


def render(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


class TestSortLink:
    def test_leads_to_ascending_at_first(self) -> None:
        link = tags.sort_link(ListQuery(text="户籍"), "name", "名称")

        assert "sort=name" in link
        assert "q=%E6%88%B7%E7%B1%8D" in link

    def test_turns_round_on_the_second_click(self) -> None:
        assert "sort=-name" in tags.sort_link(ListQuery(sort="name"), "name", "名称")

    def test_comes_back_on_the_third(self) -> None:
        assert 'href="?sort=name"' in tags.sort_link(ListQuery(sort="-name"), "name", "名称")

    def test_escapes_the_label(self) -> None:
        assert "<b>" not in tags.sort_link(ListQuery(), "name", "<b>")


class TestFilters:
    QUERY = ListQuery(filters={"class": ("a", "b"), "grade": ("3",)})

    def test_one_chosen_value_is_taken_away(self) -> None:
        assert tags.without(self.QUERY, "class", "a") == "?class=b&grade=3"

    def test_a_choice_is_known(self) -> None:
        assert tags.is_chosen(self.QUERY, "class", "b")
        assert not tags.is_chosen(self.QUERY, "class", "c")


class TestChartJson:
    def test_cannot_close_its_script_element(self) -> None:
        text = tags.chart_json({"name": "</script><script>alert(1)</script>&"})

        assert "<" not in text
        assert "&" not in text

    def test_keeps_chinese_readable(self) -> None:
        assert "调用" in tags.chart_json({"name": "调用"})


class TestWritten:
    def test_an_instant_in_the_city_s_time(self) -> None:
        assert tags.moment(datetime(2026, 3, 1, 20, 5, tzinfo=UTC)) == "2026-03-02 04:05"

    def test_a_date(self) -> None:
        assert tags.day(date(2026, 3, 1)) == "2026-03-01"
        assert tags.day(datetime(2026, 3, 1, 20, 5, tzinfo=UTC)) == "2026-03-02"

    @pytest.mark.parametrize("write", [tags.moment, tags.day, tags.grouped, tags.percent, tags.dash])
    def test_nothing_is_a_dash(self, write: object) -> None:
        assert callable(write)
        assert write(None) == "—"

    def test_numbers(self) -> None:
        assert tags.grouped(1234567) == "1,234,567"
        assert tags.percent(0.256) == "25.6%"
        assert tags.dash(0) == 0


class TestCapture:
    def test_stands_in_two_places(self) -> None:
        assert render("{% capture x %} a<b {% endcapture %}{{ x }}|{{ x }}") == "a<b|a<b"

    def test_what_is_captured_was_escaped(self) -> None:
        assert render("{% capture x %}{{ evil }}{% endcapture %}{{ x }}", evil="<script>") == "&lt;script&gt;"


class TestIcon:
    def test_is_hidden_from_screen_readers(self) -> None:
        drawn = tags.icon("bell")

        assert isinstance(drawn, SafeString)
        assert 'aria-hidden="true"' in drawn

    def test_an_unknown_one_is_a_programming_fault(self) -> None:
        with pytest.raises(KeyError):
            tags.icon("no-such-icon")


class Sample(forms.Form):
    name = forms.CharField(label="名称", help_text="至多二十字")
    way = forms.ChoiceField(label="方式", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
    consent = forms.BooleanField(label="同意")


class TestForm:
    def test_a_control_is_tied_to_its_help_and_its_error(self) -> None:
        html = str(Sample({}))

        assert 'aria-describedby="id_name_helptext id_name_error"' in html
        assert 'id="id_name_helptext"' in html
        assert 'id="id_name_error"' in html
        assert 'aria-invalid="true"' in html

    def test_a_group_has_a_legend_and_each_choice_a_label(self) -> None:
        html = str(Sample())

        assert "<legend" in html
        assert 'for="id_way_0"' in html

    def test_errors_are_listed_at_the_top_with_links(self) -> None:
        html = str(Sample({}))

        assert 'role="alert"' in html
        assert 'href="#id_name"' in html

    def test_no_summary_before_anything_was_sent(self) -> None:
        assert 'role="alert"' not in str(Sample())

    def test_what_was_typed_is_escaped(self) -> None:
        assert "<script>" not in str(Sample({"name": '"><script>'}))
