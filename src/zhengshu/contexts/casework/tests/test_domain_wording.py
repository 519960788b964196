from pathlib import Path

import msgspec
import pytest

from zhengshu.contexts.casework.domain.checking_messages import check_messages, check_words
from zhengshu.contexts.casework.domain.definitions import Definition, read_definition
from zhengshu.contexts.casework.domain.expressions import OutsideTheLanguage, Value
from zhengshu.contexts.casework.domain.message_rules import Channel, MessageRule, NoticeRule, Occasion
from zhengshu.contexts.casework.domain.wording import masked, render

LICENCE = Path(__file__).parent / "packs" / "licence" / "type.yaml"


@pytest.fixture(scope="module")
def definition() -> Definition:
    return read_definition(LICENCE.read_text(encoding="utf-8"))


class TestRender:
    def test_fills_places_with_expressions(self) -> None:
        facts: dict[str, Value] = {"case_number": "XK1", "days": 3, "is_done": True}

        assert render("{case_number}：{days + 2}", facts=facts) == "XK1：5"
        assert render('{"迟" if days > 2 else "早"}', facts=facts) == "迟"

    def test_leaves_out_lines_that_say_nothing(self) -> None:
        text = "您好\n理由：{reason}\n\n依据：{basis}"

        assert render(text, facts={"reason": "", "basis": "第三条"}) == "您好\n\n依据：第三条"

    def test_reads_facts_and_does_nothing_else(self) -> None:
        for attack in (
            "{case.__class__}",
            "{open('/etc/passwd')}",
            "{().__class__}",
            "{a[0]}",
            "{lambda: 1}",
        ):
            with pytest.raises(OutsideTheLanguage):
                render(attack, facts={"a": "x", "case": "y"})

    def test_does_not_read_places_in_what_people_wrote(self) -> None:
        assert render("{reason}", facts={"reason": "{secret}", "secret": "x"}) == "{secret}"


class TestMasked:
    def test_hides_what_may_name_persons(self, definition: Definition) -> None:
        facts = {
            "case_applicant": "张三",
            "case_reason": "李四的材料",
            "case_title": "张三的许可",
            "case_type": "许可",
        }

        told = masked(facts, definition)

        assert "张三" not in str(told)
        assert "李四" not in str(told)
        assert told["case_title"] == "许可"


class TestChecker:
    @pytest.mark.parametrize(
        ("rule", "code", "element"),
        [
            (MessageRule(occasion=Occasion.OPENED, to=("nobody",)), "unknown-reference", "to"),
            (MessageRule(occasion=Occasion.OPENED, to=("doers",)), "unknown-reference", "to"),
            (MessageRule(occasion=Occasion.OPENED, to=()), "message-to-nobody", "to"),
            (MessageRule(occasion=Occasion.TASK_DONE, task="x", to=("opener",)), "unknown-reference", "task"),
            (
                MessageRule(occasion=Occasion.TASK_DONE, task="accept", outcomes=("x",), to=("opener",)),
                "unknown-reference",
                "outcomes",
            ),
            (
                MessageRule(occasion=Occasion.OPENED, task="accept", to=("opener",)),
                "message-narrowed",
                "task",
            ),
            (
                MessageRule(occasion=Occasion.OPENED, ends=("granted",), to=("opener",)),
                "message-narrowed",
                "ends",
            ),
            (MessageRule(occasion=Occasion.CLOSED, ends=("x",), to=("opener",)), "unknown-reference", "ends"),
            (
                MessageRule(occasion=Occasion.OPENED, to=("opener",), by=(Channel.SMS,)),
                "message-without-site",
                "by",
            ),
        ],
    )
    def test_names_rules_that_cannot_hold(
        self, definition: Definition, rule: MessageRule, code: str, element: str
    ) -> None:
        faulty = msgspec.structs.replace(definition, messages={"one": rule})

        assert [(fault.code, fault.element) for fault in check_messages(faulty)] == [
            (code, f"messages.one.{element}")
        ]

    def test_names_notices_that_are_never_issued(self, definition: Definition) -> None:
        notices = {
            "one": NoticeRule(task="accept", outcomes=()),
            "two": NoticeRule(task="x", outcomes=("y",)),
        }
        faulty = msgspec.structs.replace(definition, notices=notices)

        assert [fault.code for fault in check_messages(faulty)] == ["notice-unfit", "unknown-reference"]

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("{case_numbr}", "fact-unknown"),
            ("{case.number}", "expression-unfit"),
            ("{case_number", "brace-loose"),
            ("{case_\nnumber}", "brace-loose"),
        ],
    )
    def test_names_words_that_cannot_be_filled_in(self, definition: Definition, text: str, code: str) -> None:
        faults = check_words(definition, language="en", texts={"notices.refusal.text": text})

        assert {(fault.code, fault.element) for fault in faults} == {(code, "notices.refusal.text")}

    def test_asks_for_both_languages(self, definition: Definition) -> None:
        from zhengshu.contexts.casework.domain.checking_names import check_names

        missing = {fault.element for fault in check_names(definition, language="en", texts={}, tables={})}
        assert {"messages.to_do.title", "messages.to_do.text", "notices.refusal.text"} <= missing
