"""Fields that an authoritative source fills, with a source and an exchange that the test plays."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from zhengshu.contexts.casework.api import FormMatter, FormSource, Question, Supplied
from zhengshu.contexts.casework.application.forms import adapters
from zhengshu.contexts.casework.application.forms.drafts import draft
from zhengshu.contexts.casework.application.forms.send_form import AnswersFaulty, send_form
from zhengshu.contexts.casework.application.forms.supply_draft import supply_draft
from zhengshu.contexts.casework.domain.forms.refusals import UnknownAnswers
from zhengshu.contexts.casework.interfaces.forms.web_send import drawer_of
from zhengshu.contexts.casework.models import FormAnswers
from zhengshu.contexts.casework.tests import form_factories
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.casework.tests.form_factories import APPLICANT, Street
from zhengshu.foundation.ui.tags import day

pytestmark = pytest.mark.django_db

FIELD = {
    "type": "textfield",
    "id": "domicile",
    "key": "domicile",
    "label": "户籍所在地",
    "validate": {"required": True},
    "properties": {"label_en": "Domicile", "element": "domicile", "from": "source"},
}


class PlayedExchange:
    """Answers for one person, as an exchange with a grant would, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[str, ...], str]] = []

    def sources_of(self, asked: Iterable[Question]) -> Mapping[Question, FormSource]:
        source = FormSource(element="domicile", element_name="户籍所在地", source="市公安局《人口信息》")
        return {one: source for one in asked if one.element == "domicile"}

    def supply(
        self,
        *,
        elements: Iterable[str],
        known: Mapping[str, str],
        matter: FormMatter,
        at: datetime,
    ) -> Mapping[str, Supplied]:
        self.asked.append((tuple(elements), known.get("citizen-id", "")))
        if known.get("citizen-id") != "11010519491231002X":
            return {}
        given = Supplied(value="明州市和平区", source="市公安局《人口信息》", at=at, receipt="R1")
        return {"domicile": given, "income": given}


@pytest.fixture
def exchange() -> Iterator[PlayedExchange]:
    """Play the contexts above for the time of a test."""
    played = PlayedExchange()
    before = adapters._registered.sources, adapters._registered.exchange
    adapters.use_sources(played)
    adapters.use_exchange(played)
    yield played
    adapters._registered.sources, adapters._registered.exchange = before


@pytest.fixture
def place(tmp_path: Path, exchange: PlayedExchange) -> Street:
    """A street office whose form lets the police say where the applicant is registered."""
    made = form_factories.street(tmp_path)

    def change(text: str) -> str:
        tree = json.loads(text)
        for one in tree["components"]:
            if one.get("key") == "citizen_id":
                one["properties"]["element"] = "citizen-id"
        tree["components"].insert(4, FIELD)
        return json.dumps(tree, ensure_ascii=False)

    form_factories.change_form(made, change)
    return made


def _with(text: str, component: Mapping[str, object]) -> str:
    tree = json.loads(text)
    tree["components"].insert(4, component)
    return json.dumps(tree, ensure_ascii=False)


class TestSupplied:
    def test_is_shown_with_its_source_and_time_and_sent(
        self, place: Street, exchange: PlayedExchange
    ) -> None:
        found = form_factories.filled(place)

        supply_draft(draft_id=found.row.pk, actor=place.citizen, at=AT)

        now = draft(draft_id=found.row.pk, actor=place.citizen)
        view = drawer_of(now).page(1, with_faults=False)
        (shown,) = [item for item in view.items if item.place == "domicile"]
        assert shown.text == "明州市和平区"  # type: ignore[union-attr]  # it is a field
        assert shown.supplied == Supplied(  # type: ignore[union-attr]
            value="明州市和平区", source="市公安局《人口信息》", at=AT, receipt="R1"
        )
        assert exchange.asked == [(("domicile",), "11010519491231002X")]
        sent = send_form(draft_id=found.row.pk, actor=place.citizen, at=AT)
        assert FormAnswers.objects.get(case_id=sent.id).values["domicile"] == "明州市和平区"

    @pytest.mark.parametrize("receipt", ["01a228a8-42b4-7172-9ca0-bd3649b71a13", "R1"])
    def test_tells_source_and_day_and_folds_the_whole_receipt(self, receipt: str) -> None:
        said = Supplied(value="x", source="市公安局《人口信息》", at=AT, receipt=receipt)

        shown = render_to_string("casework/forms/_source.html", {"supplied": said})

        assert f"{day(AT)}</time></span>" in shown
        short = receipt if receipt == "R1" else "01a228a8…"
        assert f"<summary>回执{short}</summary>" in shown
        assert f">{receipt}</span>" in shown

    @pytest.mark.parametrize("filler", ["zh-hans", "en"])
    def test_tells_its_source_in_the_readers_language_whoever_filled_it_in(
        self, place: Street, filler: str
    ) -> None:
        known = {**FIELD, "id": "own", "key": "own_name", "label": "姓名"}
        known["properties"] = {"label_en": "Name", "element": "person-name", "from": "source"}
        form_factories.change_form(place, lambda text: _with(text, known))
        found = form_factories.filled(place)

        with override(filler):
            now = supply_draft(draft_id=found.row.pk, actor=place.citizen, at=AT)

        read = {}
        for language in ("zh-hans", "en"):
            with override(language):
                said = {"supplied": now.supplied["person-name"]}
                read[language] = render_to_string("casework/forms/_source.html", said)
        assert "来自账号实名认证信息" in read["zh-hans"]
        assert "From Verified identity of the account" in read["en"]

    def test_of_old_drafts_is_told_as_it_was_kept(self) -> None:
        kept = msgspec.convert({"value": "x", "source": "账号实名信息", "at": AT}, Supplied)

        assert (kept.said_by("en"), kept.said_by("zh-hans")) == ("账号实名信息", "账号实名信息")

    def test_is_asked_once_and_only_for_what_the_form_names(
        self, place: Street, exchange: PlayedExchange
    ) -> None:
        found = form_factories.filled(place)

        supply_draft(draft_id=found.row.pk, actor=place.citizen, at=AT)
        now = supply_draft(draft_id=found.row.pk, actor=place.citizen, at=AT + timedelta(hours=1))

        assert set(now.supplied) == {"domicile"}
        assert len(exchange.asked) == 1

    def test_is_forgotten_when_it_may_be_somebody_elses(self, place: Street) -> None:
        found = form_factories.filled(place)
        now = supply_draft(draft_id=found.row.pk, actor=place.citizen, at=AT)
        page = {**APPLICANT, "district_office": place.code}

        same = form_factories.save(now, 1, page, actor=place.citizen)
        other = form_factories.save(now, 1, {**page, "citizen_id": "110105198001010016"}, actor=place.citizen)

        assert set(same.supplied) == {"domicile"}
        assert other.supplied == {}

    def test_is_never_typed(self, place: Street) -> None:
        found = form_factories.begun(place)

        with pytest.raises(UnknownAnswers):
            form_factories.save(found, 1, {"domicile": "别处"}, actor=place.citizen)

    def test_holds_the_form_back_while_the_source_is_silent(self, place: Street) -> None:
        found = form_factories.filled(place, citizen_id="110105198001010016")
        now = supply_draft(draft_id=found.row.pk, actor=place.citizen, at=AT)

        assert now.evaluated.faults["domicile"].code == "casework.source-silent"
        with pytest.raises(AnswersFaulty):
            send_form(draft_id=found.row.pk, actor=place.citizen, at=AT)
