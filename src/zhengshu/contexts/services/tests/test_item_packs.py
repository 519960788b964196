"""The shipped items: their basis names an article, and only licences are published by the law on licences."""

import json
import re

from django.conf import settings

from zhengshu.contexts.services.application.load_items import read_items
from zhengshu.contexts.services.domain.vocabulary import ItemKind

LICENSING_LAW = "《中华人民共和国行政许可法》第四十条"
ARTICLE = re.compile(r"》第[一二三四五六七八九十百]+条")
OF_STATE_LAW = (
    "登记管理条例",
    "税收征收管理法",
    "住房公积金管理条例",
    "户口登记条例",
    "行政许可法",
    "消防法",
    "公司法",
)


class TestShippedItems:
    def test_name_the_article_of_the_laws_that_were_looked_up(self) -> None:
        for code, (declared, _digest) in read_items(folder=settings.PACKS_FOLDER / "service-items").items():
            limits = [limit.basis for limit in (declared.statutory, declared.promised) if limit]
            for basis in (*declared.basis, *limits):
                if any(law in basis for law in OF_STATE_LAW):
                    assert ARTICLE.search(basis), f"{code}: {basis}"

    def test_are_published_by_the_licensing_law_where_and_only_where_they_are_licences(self) -> None:
        items = read_items(folder=settings.PACKS_FOLDER / "service-items")

        published = {code for code, (one, _digest) in items.items() if one.publication_basis == LICENSING_LAW}

        assert published == {code for code, (one, _digest) in items.items() if one.kind is ItemKind.LICENSE}
        assert len(published) == 6

    def test_renew_what_their_form_takes_the_number_of(self) -> None:
        items = read_items(folder=settings.PACKS_FOLDER / "service-items")
        renewing = {
            (one.case_type, outcome.renews, outcome.certificate_type)
            for one, _digest in items.values()
            for outcome in one.outcomes
            if outcome.renews
        }

        assert renewing
        for case_type, field, certificate_type in renewing:
            folder = settings.PACKS_FOLDER / "case-types" / case_type
            form = json.loads((folder / "application.form.json").read_text("utf-8"))
            (asked,) = [one for one in form["components"] if one.get("key") == field]
            assert asked["properties"]["from"] == "certificate"
            assert asked["properties"]["certificate"] == f"{certificate_type}.number"
