import re
from collections.abc import Mapping
from html.parser import HTMLParser

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.foundation.ui import icons, vendor
from zhengshu.foundation.ui.charts import Chart, Series
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.foundation.ui.language import LanguageMiddleware
from zhengshu.foundation.ui.storage import StaticStorage

CHART = Chart(
    title="每日调用",
    axis="日期",
    unit="次",
    shape="stacked",
    labels=("03-01", "03-02"),
    series=(Series(name="已答复", values=(3, 4)), Series(name="已拒绝", values=(0, 1))),
)


class TestForm:
    def test_leaves_what_is_missing_to_our_sentences_and_not_to_the_browser(self) -> None:
        class Question(forms.Form):
            reason = forms.CharField()
            choice = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
            remark = forms.CharField(required=False)

        drawn = str(Question())

        assert " required" not in drawn.replace(">required<", "")
        assert drawn.count('aria-required="true"') == 1


class TestChart:
    def test_the_table_says_the_same(self) -> None:
        assert CHART.columns == ("日期", "已答复", "已拒绝")
        assert CHART.rows == (("03-01", 3, 0), ("03-02", 4, 1))

    def test_stacked_bars_share_a_stack(self) -> None:
        series = CHART.option["series"]

        assert isinstance(series, list)
        assert [one["stack"] for one in series] == ["all", "all"]

    def test_a_pie_names_its_slices(self) -> None:
        pie = Chart(title="t", shape="pie", labels=("甲", "乙"), series=(Series(name="s", values=(1, 2)),))

        assert pie.option["series"] == [
            {
                "type": "pie",
                "radius": ["48%", "74%"],
                "data": [{"name": "甲", "value": 1}, {"name": "乙", "value": 2}],
            }
        ]

    def test_long_names_stand_beside_lying_bars(self) -> None:
        long = Chart(title="t", labels=("公众聚集场所消防检查",), series=(Series(name="s", values=(1,)),))

        drawn, beside = long.option["yAxis"], CHART.option["yAxis"]

        assert isinstance(drawn, dict)
        assert drawn["data"] == ["公众聚集场所消防检查"]
        assert isinstance(beside, dict)
        assert beside["type"] == "value"

    def test_is_drawn_with_its_table(self) -> None:
        html = render_to_string("ui/chart.html", {"chart": CHART})

        assert "<caption" in html
        assert "<td>已拒绝</td>" not in html
        assert "<td>03-02</td><td>4</td><td>1</td>" in html


class Balance(HTMLParser):
    """Counts whether every element is closed."""

    VOID = frozenset({"input", "img", "br", "hr", "meta", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


QUERY = ListQuery(text="户籍", filters={"class": ("a",)}, sort="name", page=2)
FACETS = (
    Facet(
        name="class",
        label="类别",
        options=(Option(value="a", label="甲", count=3), Option(value="b", label="乙")),
    ),
    Facet(name="state", label="状态", is_single=True, options=(Option(value="x", label="已发布", count=9),)),
)
PARTS: Mapping[str, Mapping[str, object]] = {
    "ui/chart.html": {"chart": CHART},
    "ui/pager.html": {"page": Page(rows=(1, 2), total=60, query=QUERY)},
    "ui/filters.html": {"query": QUERY, "facets": FACETS},
    "ui/empty.html": {"title": "空", "hint": "提示", "action_url": "/", "action_label": "去"},
    "ui/facts.html": {"facts": [("名称", "值"), ("空", "")]},
    "ui/light.html": {"light": "red", "label": "已超期"},
}


class TestParts:
    @pytest.mark.parametrize("name", PARTS)
    def test_is_well_formed(self, name: str) -> None:
        balance = Balance()

        balance.feed(render_to_string(name, dict(PARTS[name])))

        assert balance.open == []

    def test_filters_keep_what_was_chosen(self) -> None:
        html = render_to_string("ui/filters.html", {"query": QUERY, "facets": FACETS})

        assert 'value="a" checked' in html
        assert 'value="户籍"' in html
        assert '<input type="hidden" name="sort" value="name">' in html

    def test_many_facets_are_folded_on_a_phone_behind_how_many_are_chosen(self) -> None:
        html = render_to_string("ui/filters.html", {"query": QUERY, "facets": FACETS})

        assert re.search(r'<details class="[^"]*ui-fold">\s*<summary>筛选（已选1项）</summary>', html)
        assert html.index('type="submit"') < html.index("<details")

    @pytest.mark.parametrize("facets", [FACETS[1:], FACETS[:1], ()])
    def test_one_facet_of_few_choices_is_not(self, facets: tuple[Facet, ...]) -> None:
        html = render_to_string("ui/filters.html", {"query": QUERY, "facets": facets})

        assert "<details" not in html
        assert ('value="x"' in html, 'value="a" checked' in html) == (
            facets == FACETS[1:],
            facets == FACETS[:1],
        )

    def test_one_facet_of_many_choices_is(self) -> None:
        options = tuple(Option(value=str(number), label=str(number)) for number in range(5))
        html = render_to_string(
            "ui/filters.html", {"query": ListQuery(), "facets": [Facet(name="a", label="A", options=options)]}
        )

        assert "<summary>筛选</summary>" in html

    def test_the_pager_keeps_the_question(self) -> None:
        html = render_to_string("ui/pager.html", {"page": Page(rows=(1, 2), total=60, query=QUERY)})

        assert "class=a" in html
        assert "page=3" in html


class TestVendor:
    @pytest.mark.parametrize("folder", vendor.FOLDERS, ids=lambda folder: folder.prefix)
    def test_every_named_file_is_found(self, folder: vendor.VendorFolder) -> None:
        names = list(folder.files())

        assert names
        assert all(finders.find(f"{folder.prefix}/{name}") for name in names)

    @pytest.mark.parametrize(
        "path", ["vendor/tabler/tabler.js", "vendor/echarts/../../package.json", "vendor/axe.js"]
    )
    def test_no_other_file_is(self, path: str) -> None:
        assert not finders.find(path)


class TestStorage:
    def test_a_file_that_was_not_collected_keeps_its_name(self) -> None:
        assert StaticStorage().url("ui/base.css") == "/static/ui/base.css"


class TestIcons:
    def test_draw_in_the_colour_of_the_text(self) -> None:
        assert all('fill="#' not in shapes for shapes in icons.shapes().values())

    def test_there_is_a_licence(self) -> None:
        assert "MIT licence" in icons.FILE.read_text(encoding="utf-8")


class TestLanguage:
    @staticmethod
    def answer(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(translation.get_language())

    @pytest.mark.parametrize(
        ("path", "cookie", "header", "expected"),
        [
            ("/", "", "en-US,en", "zh-hans"),
            ("/", "en", "zh-CN", "en"),
            ("/", "klingon", "", "zh-hans"),
            ("/api/openapi.json", "", "en", "en"),
            ("/api/openapi.json", "", "fr", "zh-hans"),
        ],
    )
    def test_is_the_one_chosen(self, path: str, cookie: str, header: str, expected: str) -> None:
        request = RequestFactory().get(path, headers={"Accept-Language": header} if header else {})
        if cookie:
            request.COOKIES["django_language"] = cookie

        response = LanguageMiddleware(self.answer)(request)

        assert response.content.decode() == expected
        assert response.headers["Content-Language"] == expected
