"""Values longer than the standard has room for: refused where an organ writes them, told of a list taken over."""

import json

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.catalog.tests.factories import City
from zhengshu.contexts.services.application.access import ItemNotAcceptable
from zhengshu.contexts.services.application.import_items import ImportOutcome, import_items
from zhengshu.contexts.services.domain.elements import ELEMENTS
from zhengshu.contexts.services.domain.lengths import faults_of_length, longest_of
from zhengshu.contexts.services.tests.factories import AT, draft, published
from zhengshu.contexts.services.tests.test_elements import full
from zhengshu.contexts.services.tests.test_import_items import ROW
from zhengshu.contexts.services.tests.test_keep_version import offered, sent, written
from zhengshu.contexts.services.tests.test_pages_lists import browser

PHONES = "0380-5512345、0380-5512346"


class TestLengths:
    def test_name_the_element_its_place_and_what_there_is_room_for(self) -> None:
        long = draft(
            phone=PHONES,
            places=[{"name": "政务中心"}, {"name": "所" * 101}],
            materials=[{"name": "照片"}, {"name": "表", "issuer": "局" * 101}],
        )

        found = [(one.field, one.data["element"], one.data["most"]) for one in faults_of_length(long)]

        assert found == [
            ("places.1", "办理地点", 100),
            ("phone", "咨询电话", 18),
            ("materials.1", "出具机构", 100),
        ]
        assert faults_of_length(full()) == ()

    def test_codes_in_use_have_room(self) -> None:
        used = draft(basic_code="000131011000", implementation_code="1" * 31)

        assert faults_of_length(used) == ()
        assert [one.field for one in faults_of_length(draft(implementation_code="1" * 32))] == [
            "implementation_code"
        ]

    def test_what_stood_so_before_may_stay(self) -> None:
        before = draft(phone=PHONES)

        assert faults_of_length(draft(phone=PHONES, hours="全年"), before=before) == ()
        assert len(faults_of_length(draft(phone=PHONES + "1"), before=before)) == 1

    @given(
        st.sampled_from([one for one in ELEMENTS if one.name in ("行政管辖", "办理时间", "咨询方式")]),
        st.integers(0, 400),
    )
    def test_refuses_from_one_letter_too_many_on(self, element: object, count: int) -> None:
        one = next(known for known in ELEMENTS if known is element)
        most = longest_of(one)
        assert most is not None

        assert bool(faults_of_length(draft(**{one.field: "字" * count}))) == (count > most)


@pytest.mark.django_db
class TestWhereItIsSaid:
    def test_an_organ_cannot_write_it(self, town: City) -> None:
        code = offered(town)

        with pytest.raises(ItemNotAcceptable):
            written(town, code, draft(phone=PHONES))

    def test_the_page_says_it_at_the_field(self, town: City) -> None:
        code = offered(town)
        edit = reverse("services:item-edit", args=[code])
        officer = browser(town.officer)
        form = sent(officer.get(edit).context["forms"]) | {"cause": "x", "phone": PHONES}

        answer = officer.post(edit, form)

        assert [one.anchor for one in answer.context["mistakes"]] == ["id_phone"]
        assert "请缩短" in answer.content.decode()

    def test_an_item_taken_over_can_be_written_on(self, town: City) -> None:
        published("t-long", draft(phone=PHONES), department_id=town.market, authority_id=town.authority)

        assert written(town, "t-long", draft(phone=PHONES, hours="全年")) == 2

    def test_a_list_is_taken_over_and_the_report_names_it(self, town: City) -> None:
        rows = [{**ROW, "link_way": PHONES}]
        data = json.dumps(rows, ensure_ascii=False).encode()

        (one,) = import_items(data=data, name="l.json", actor=town.reviewer, at=AT).items

        assert one.outcome is ImportOutcome.NEW
        assert [note.heading for note in one.notes if note.code == "too-long"] == ["咨询电话"]
