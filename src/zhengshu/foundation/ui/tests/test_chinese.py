"""Chinese words on English pages."""

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import translation

from zhengshu.foundation.ui.chinese import ChineseMiddleware, mark

PAGE = "<p>Issued by 市公安局</p>"
MARKED = '<p>Issued by <bdi lang="zh-Hans">市公安局</bdi></p>'


class TestMark:
    @pytest.mark.parametrize(
        ("html", "marked"),
        [
            (PAGE, MARKED),
            (
                "<p>书院路18号A座（一层）, Unit 3</p>",
                '<p><bdi lang="zh-Hans">书院路18号A座（一层）</bdi>, Unit 3</p>',
            ),
            ("<b>《食品安全法》</b>", '<b><bdi lang="zh-Hans">《食品安全法》</bdi></b>'),
            (
                "市公安局 and 市民政局",
                '<bdi lang="zh-Hans">市公安局</bdi> and <bdi lang="zh-Hans">市民政局</bdi>',
            ),
            ("Remove 平面图.png.", 'Remove <bdi lang="zh-Hans">平面图.png</bdi>.'),
            ("<td>𬭚</td>", '<td><bdi lang="zh-Hans">𬭚</bdi></td>'),
            (
                '<option value="1" selected>个体工商户</option>',
                '<option lang="zh-Hans" value="1" selected>个体工商户</option>',
            ),
        ],
    )
    def test_marks_each_run_of_text(self, html: str, marked: str) -> None:
        assert mark(html) == marked

    @pytest.mark.parametrize(
        "html",
        [
            "<p>No Chinese, “quoted”, 100 %</p>",
            '<a title="证 > 照" aria-label=\'打开\' href="/">open</a>',
            "<title>营业执照 · Zhengshu</title>",
            '<script type="application/json">{"name": "营业<b>执照"}</script>',
            "<textarea>写好的\n话</textarea>",
            "<svg><text>澄川市</text></svg>",
            "<!-- 说明 <p>说明</p> -->",
            '<option lang="zh-Hans">个体工商户</option>'.replace("个体工商户", "one"),
        ],
    )
    def test_leaves_alone_what_holds_no_elements(self, html: str) -> None:
        assert mark(html) == html


class TestMiddleware:
    def test_marks_pages_for_whoever_reads_english(self) -> None:
        with translation.override("en"):
            answer = ChineseMiddleware(lambda _: HttpResponse(PAGE))(HttpRequest())

        assert answer.content.decode() == MARKED

    def test_leaves_chinese_pages_and_files_alone(self) -> None:
        with translation.override("zh-hans"):
            page = ChineseMiddleware(lambda _: HttpResponse(PAGE))(HttpRequest())
        with translation.override("en"):
            table = ChineseMiddleware(lambda _: HttpResponse(PAGE, content_type="text/csv"))(HttpRequest())
            stream = ChineseMiddleware(lambda _: StreamingHttpResponse([PAGE]))(HttpRequest())  # type: ignore[arg-type]

        assert page.content == table.content == PAGE.encode()
        assert b"".join(stream) == PAGE.encode()
