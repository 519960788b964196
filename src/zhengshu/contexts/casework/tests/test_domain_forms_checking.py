import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from zhengshu.contexts.casework.domain.checking import TypeFiles, check_files
from zhengshu.contexts.casework.domain.expressions import OutsideTheLanguage
from zhengshu.contexts.casework.domain.faults import Fault
from zhengshu.contexts.casework.domain.forms.checking import check_form
from zhengshu.contexts.casework.domain.forms.feel import translated
from zhengshu.contexts.casework.domain.forms.places import carried, check_places, with_entry, without_entry
from zhengshu.contexts.casework.domain.forms.reading import read_form
from zhengshu.contexts.casework.domain.forms.refusals import UnknownAnswers
from zhengshu.contexts.casework.domain.forms.schema import Form, Repeat, every_part

PACK = Path(__file__).parents[5] / "tests" / "packs" / "stall-permit"
APPLICATION = json.loads((PACK / "application.form.json").read_text(encoding="utf-8"))

Component = dict[str, object]


def form(*components: Component) -> str:
    return json.dumps({"type": "default", "schemaVersion": 19, "components": list(components)})


def field(key: str = "one", **more: object) -> Component:
    words: Mapping[str, object] = {"label_en": "One"}
    extra = more.pop("properties", {})
    assert isinstance(extra, dict)
    whole = {"type": "textfield", "id": f"{key}_id", "key": key, "label": "一", **more}
    return {**whole, "properties": {**words, **extra}}


def codes(faults: tuple[Fault, ...]) -> set[tuple[str, str]]:
    return {(fault.code, fault.element) for fault in faults}


CHOICE = [{"label": "甲", "value": "a"}]
LIST: Component = {
    "type": "dynamiclist",
    "id": "list",
    "path": "items",
    "label": "项",
    "properties": {"label_en": "Items"},
}
FAULTS: list[tuple[str, tuple[Component, ...]]] = [
    ("form-empty", ()),
    ("form-component-unsupported", (field(type="html"),)),
    ("form-component-unsupported", (field(type="iframe"),)),
    ("form-key-unfit", (field("Name"),)),
    ("form-key-unfit", (field("a.b"),)),
    ("form-key-twice", (field(), field(id="two"))),
    ("form-id-twice", (field(), field("two", id="one_id"))),
    ("form-words-missing", (field(properties={"label_en": ""}),)),
    ("form-words-missing", (field(description="怎么填"),)),
    ("form-options-missing", (field(type="radio"),)),
    ("form-option-twice", (field(type="radio", values=CHOICE * 2, properties={"option_en.a": "A"}),)),
    ("form-values-unsupported", (field(type="select", valuesExpression="=x", values=CHOICE),)),
    ("form-template-unsupported", (field(label="={{name}}"),)),
    ("form-property-unknown", (field(properties={"colour": "red"}),)),
    ("form-kind-unfit", (field(type="number", properties={"kind": "phone"}),)),
    ("form-pattern-unfit", (field(validate={"pattern": "(a+)+$"}),)),
    ("form-pattern-unfit", (field(validate={"pattern": "["}),)),
    ("form-pattern-unfit", (field(validate={"pattern": r"(?<=x)y"}),)),
    ("form-bounds-unfit", (field(validate={"minLength": 5, "maxLength": 3}),)),
    ("form-default-unfit", (field(type="number", defaultValue="viele"),)),
    ("form-name-unknown", (field(conditional={"hide": '=later = "x"'}), field("later"))),
    (
        "form-name-unknown",
        (
            field(),
            field("two", type="number", decimalDigits=2),
            field("three", conditional={"hide": "two > 1"}),
        ),
    ),
    ("expression-unfit", (field(), field("two", conditional={"hide": "=one.length > 3"}))),
    ("expression-unfit", (field(), field("two", conditional={"hide": '=starts with(one, "a")'}))),
    ("form-calculation-unfit", (field(type="datetime", properties={"calculate": '"2026-01-01"'}),)),
    ("form-calculation-missing", (field(type="expression"),)),
    ("form-from-unfit", (field(properties={"from": "somewhere"}),)),
    ("form-source-unfit", (field(properties={"from": "source"}),)),
    (
        "form-list-in-list",
        ({**LIST, "components": [{**LIST, "id": "b", "path": "b", "components": [field()]}]},),
    ),
    ("form-list-count-unfit", ({**LIST, "allowAddRemove": False, "components": [field()]},)),
    ("form-path-unsupported", ({"type": "group", "id": "g", "path": "p", "components": [field()]},)),
    (
        "form-text-impossible",
        (
            field(type="radio", values=CHOICE, properties={"option_en.a": "A"}),
            field("two", conditional={"hide": '=one = "b"'}),
        ),
    ),
]


class TestCheckForm:
    @pytest.mark.parametrize(("code", "components"), FAULTS)
    def test_names_each_fault(self, code: str, components: tuple[Component, ...]) -> None:
        faults = check_form(form(*components), code="x")

        assert code in {fault.code for fault in faults}
        assert all(fault.file == "x.form.json" and fault.text() for fault in faults)

    def test_finds_nothing_wrong_with_a_right_one(self) -> None:
        assert check_form(json.dumps(APPLICATION), code="application") == ()

    @pytest.mark.parametrize("text", ["", "[1", "[]", '"x"', "null", "[" * 100_000])
    def test_reads_nonsense_without_crashing(self, text: str) -> None:
        assert check_form(text, code="x")

    def test_refuses_a_schema_of_the_future(self) -> None:
        faults = check_form(json.dumps({**APPLICATION, "schemaVersion": 99}), code="x")

        assert ("form-too-new", "") in codes(faults)


class TestCheckUse:
    """How a case type uses its forms."""

    def spoil(self, change: Callable[[str], str], *, file: str = "type.yaml") -> set[str]:
        texts = {one.stem: one.read_text(encoding="utf-8") for one in (PACK / "texts").iterdir()}
        forms = {
            one.name.removesuffix(".form.json"): one.read_text(encoding="utf-8")
            for one in PACK.glob("*.form.json")
        }
        definition = (PACK / "type.yaml").read_text(encoding="utf-8")
        changed = change(definition if file == "type.yaml" else forms[file])
        assert changed != (definition if file == "type.yaml" else forms[file])
        files = TypeFiles(
            name="stall-permit",
            definition=changed if file == "type.yaml" else definition,
            flow=(PACK / "flow.bpmn").read_text(encoding="utf-8"),
            texts=texts,
            forms=forms if file == "type.yaml" else {**forms, file: changed},
        )
        return {fault.code for fault in check_files(files)}

    @pytest.mark.parametrize(
        ("code", "old", "new"),
        [
            ("form-unknown", "form: review", "form: opinion"),
            ("form-not-used", "    form: review\n", ""),
            ("form-party-missing", 'opening_parties: {handler: "field:district_office"}\n', ""),
            ("form-party-unfit", "field:district_office", "field:remark"),
            ("form-party-unfit", "field:district_office", "somebody"),
            ("form-datum-unfit", "days: {type: number}", "days: {type: flag}"),
            (
                "form-datum-not-filled",
                "days: {type: number}",
                "days: {type: number}\n  weeks: {type: number}",
            ),
            ("form-datum-not-read", "fee: {type: number, default: 0}", "remark: {type: text, default: ''}"),
            ("form-datum-optional", "fee: {type: number, default: 0}", "remark: {type: text}"),
            ("name-missing", "form: review", "form: opinion"),
        ],
    )
    def test_names_each_fault(self, code: str, old: str, new: str) -> None:
        assert code in self.spoil(lambda text: text.replace(old, new))

    def test_names_options_that_the_data_do_not_have(self) -> None:
        found = self.spoil(
            lambda text: text.replace("days: {type: number}", "days: {type: number}\n  needs: {type: text}")
        )

        assert "form-datum-unfit" in found


class TestTranslated:
    @pytest.mark.parametrize(
        ("feel", "ours"),
        [
            ('=a = "x"', 'a == "x"'),
            ("=a != null", 'a != ""'),
            ("=not(a) and b >= 3", "not ( a ) and b >= 3"),
            ('=a in ["x", "y"]', 'a in ( "x" , "y" )'),
            ('=list contains(needs, "ramp")', "needs_ramp"),
            ("=if a > 1 then 2 else 3", "( 2 ) if ( a > 1 ) else ( 3 )"),
            ('a == "x"', 'a == "x"'),
        ],
    )
    def test_says_the_same_in_the_language_of_flows(self, feel: str, ours: str) -> None:
        assert translated(feel) == ours.replace("( 2 )", "(2)").replace("( a > 1 )", "(a > 1)").replace(
            "( 3 )", "(3)"
        )

    @pytest.mark.parametrize(
        "feel", ["=a.b", "=count(a)", "=a between 1 and 2", "=[", "=", "=a ** b", '="x" + 1 *']
    )
    def test_names_what_it_cannot(self, feel: str) -> None:
        with pytest.raises(OutsideTheLanguage):
            translated(feel)


class TestPlaces:
    def application(self) -> Form:
        return read_form(json.dumps(APPLICATION), code="application")[0]

    def goods(self) -> Repeat:
        return next(part for part in every_part(self.application().parts) if isinstance(part, Repeat))

    @pytest.mark.parametrize(
        "name",
        [
            "is_admin",
            "goods.0.owner",
            "goods.50.goods_name",
            "goods.0",
            "intro",
            "goods_total",
            "a.b.c",
            "goods.x.goods_name",
        ],
    )
    def test_answers_that_no_question_asks_for_are_refused(self, name: str) -> None:
        with pytest.raises(UnknownAnswers) as refused:
            check_places(self.application().parts, ["applicant_name", name])

        assert name in refused.value.text()
        assert "applicant_name" not in refused.value.text()

    def test_known_places_pass(self) -> None:
        check_places(self.application().parts, ["applicant_name", "goods", "goods.49.goods_name"])

    def test_an_entry_is_added_and_the_right_one_removed(self) -> None:
        answers = {"goods": ("2",), "goods.0.goods_name": ("甲",), "goods.1.goods_name": ("乙",)}

        grown = with_entry(self.goods(), answers)
        shrunk = without_entry(self.goods(), 0, grown)

        assert grown["goods"] == ("3",)
        assert shrunk == {"goods": ("2",), "goods.0.goods_name": ("乙",)}

    def test_entries_end_at_the_most_and_the_fewest(self) -> None:
        full = {"goods": ("50",)}

        assert with_entry(self.goods(), full)["goods"] == ("50",)
        assert without_entry(self.goods(), 0, {"goods": ("1",)})["goods"] == ("1",)
        assert without_entry(self.goods(), 7, {"goods": ("2",)}) == {"goods": ("2",)}

    def test_a_new_version_keeps_what_it_still_asks_in_the_same_sense(self) -> None:
        changed = json.loads(json.dumps(APPLICATION))
        changed["components"] = [
            {**one, "type": "number"} if one.get("key") == "phone" else one
            for one in changed["components"]
            if one.get("key") != "address"
        ]
        new = read_form(json.dumps(changed), code="application")[0]
        answers = {
            "applicant_name": ("张三",),
            "phone": ("13800000000",),
            "address": ("示例路1号",),
            "remark": ("",),
            "goods": ("2",),
            "goods.1.goods_name": ("笔",),
        }

        kept, lost = carried(self.application(), new, answers)

        assert kept == {
            "applicant_name": ("张三",),
            "goods": ("2",),
            "goods.1.goods_name": ("笔",),
            "remark": ("",),
        }
        assert lost == ("phone", "address")
