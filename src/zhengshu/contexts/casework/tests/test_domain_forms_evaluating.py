import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengshu.contexts.casework.domain.forms.compiling import compiled
from zhengshu.contexts.casework.domain.forms.evaluating import Evaluated, Known, evaluate
from zhengshu.contexts.casework.domain.forms.places import field_at
from zhengshu.contexts.casework.domain.forms.reading import read_form
from zhengshu.contexts.casework.domain.forms.schema import Field, Form, fields_of
from zhengshu.contexts.casework.tests.form_strategies import Slow, Trial, trials

HERE = Path(__file__).parent
VECTORS = json.loads((HERE / "vectors" / "forms.json").read_text(encoding="utf-8"))
MODULE = HERE.parent / "static" / "casework" / "forms.js"
RUNNER = """
const source = require("fs").readFileSync(process.argv[1], "utf8");
const trials = JSON.parse(require("fs").readFileSync(0, "utf8"));
import("data:text/javascript;base64," + Buffer.from(source).toString("base64")).then(({ evaluate }) =>
  process.stdout.write(JSON.stringify(trials.map((one) => evaluate(one.rules, one.answers, one.supplied)))));
"""


def by_node(trials: list[dict[str, object]]) -> list[dict[str, object]]:
    """Let the module that the browser gets evaluate forms."""
    done = subprocess.run(
        ["node", "-e", RUNNER, str(MODULE)],
        input=json.dumps(trials),
        capture_output=True,
        text=True,
        check=True,
    )
    answer: list[dict[str, object]] = json.loads(done.stdout)
    return answer


def as_plain(found: Evaluated) -> dict[str, object]:
    faults = {
        place: {"code": refusal.code.removeprefix("casework."), "details": dict(refusal.data)}
        for place, refusal in found.faults.items()
    }
    plain: dict[str, object] = json.loads(
        json.dumps({"visible": found.visible, "values": dict(found.values), "faults": faults})
    )
    return plain


def form_of(vector: dict[str, object]) -> Form:
    form, faults = read_form(json.dumps(vector["form"]), code="vector")
    assert faults == ()
    return form


def tupled(answers: object) -> dict[str, tuple[str, ...]]:
    assert isinstance(answers, dict)
    return {place: tuple(texts) for place, texts in answers.items()}


class TestVectors:
    @pytest.mark.parametrize("vector", VECTORS, ids=lambda one: str(one["name"]))
    def test_hold_on_the_server(self, vector: dict[str, object]) -> None:
        supplied = vector.get("supplied", {})
        assert isinstance(supplied, dict)

        found = evaluate(form_of(vector), tupled(vector["answers"]), known=Known(supplied=supplied))

        assert as_plain(found) == vector["result"]

    def test_hold_in_the_module_of_the_browser(self) -> None:
        forms = [form_of(vector) for vector in VECTORS]
        supplied = [
            {one.key: vector["supplied"][one.element] for one in _bound(form, vector.get("supplied", {}))}
            for form, vector in zip(forms, VECTORS, strict=True)
        ]
        trials: list[dict[str, object]] = [
            {"rules": compiled(form), "answers": vector["answers"], "supplied": given_}
            for form, vector, given_ in zip(forms, VECTORS, supplied, strict=True)
        ]

        found = by_node(trials)

        assert found == [vector["result"] for vector in VECTORS]


def _bound(form: Form, supplied: dict[str, str]) -> list[Field]:
    return [one for one in fields_of(form.parts) if one.is_bound and one.element in supplied]


class TestAgainstTheSlowEvaluator:
    @given(trial=trials())
    @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_says_the_same(self, trial: Trial) -> None:
        found = evaluate(trial.form, trial.answers)
        slow = Slow(trial)

        assert list(found.visible) == slow.visible()
        for place in found.visible:
            part = field_at(trial.form.parts, place)
            if part is None:
                continue
            said = found.faults[place].code if place in found.faults else found.values[place]
            expected = slow.outcome(part, place.removesuffix(part.key))
            assert said == expected
            assert type(said) is type(expected)

    @given(batch=st.lists(trials(), min_size=1, max_size=12))
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    def test_the_browser_says_the_same(self, batch: list[Trial]) -> None:
        found = by_node(
            [{"rules": compiled(one.form), "answers": dict(one.answers), "supplied": {}} for one in batch]
        )

        assert found == [as_plain(evaluate(one.form, one.answers)) for one in batch]


class TestHiddenAnswers:
    @given(trial=trials())
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_have_no_part_in_anything(self, trial: Trial) -> None:
        found = evaluate(trial.form, trial.answers)
        kept = {
            place: texts
            for place, texts in trial.answers.items()
            if place in found.shown or field_at(trial.form.parts, place) is None
        }

        again = evaluate(trial.form, kept)

        assert again.visible == found.visible
        assert again.values == found.values
        assert again.faults.keys() == found.faults.keys()
