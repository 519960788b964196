"""What the checker says of decisions; `domain.faults` shows them with the others."""

from collections.abc import Mapping
from types import MappingProxyType

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "decision-missing": "The folder has no decision “%(decision)s”. Known: %(known)s.",
        "decision-unnamed": "The task does not say which decision it asks.",
        "decision-not-asked": "No task of the flow asks for this decision, nor does another decision.",
        "decision-id-twice": "Two decisions, inputs or knowledge models have this id.",
        "decision-id-unfit": "“%(name)s” is no code of a decision: at most 64 letters, digits, _ and -, "
        "beginning with a letter or _.",
        "decision-element-unsupported": "“%(tag)s” is not supported. Supported: decision tables, expressions, "
        "contexts, lists, relations, invocations and knowledge models.",
        "decision-language-unfit": "Expressions are written in FEEL, not in “%(language)s”.",
        "decision-expression-missing": "An expression is missing.",
        "decision-expression-unfit": "%(what)s",
        "decision-name-unknown": "“%(name)s” is neither data of the case type, nor an input or a decision that"
        " this one requires.",
        "decision-function-unknown": "There is no function “%(name)s”, neither built in nor as a required "
        "knowledge model.",
        "decision-type-unknown": "The type “%(type)s” is not supported. Supported: number, string, boolean, "
        "date, durations, and types that the file makes of them.",
        "decision-reference-unknown": "“%(name)s”, which is required here, is not in the file.",
        "decision-circle": "The decision rests on itself.",
        "decision-without-logic": "The decision has neither a table nor an expression.",
        "decision-policy-unknown": "The hit policy “%(policy)s” is not known.",
        "decision-without-output": "The table has no output.",
        "decision-without-rules": "The table has no rules.",
        "decision-too-many-rules": "The table has more than %(most)s rules.",
        "decision-cells": "Rule %(rule)s must have a cell for each of %(inputs)s inputs and %(outputs)s"
        " outputs.",
        "decision-aggregation-unfit": "Only one output can be summed up; the table has %(outputs)s.",
        "decision-without-priority": "With the hit policy %(policy)s an output must list its values, the first one"
        " first.",
        "decision-gap": "No rule applies when %(when)s. Add a rule, or a default result.",
        "decision-overlap": "Rules %(first)s and %(second)s both apply when %(when)s; with the hit policy"
        " UNIQUE only one may.",
        "decision-disagreement": "Rules %(first)s and %(second)s both apply when %(when)s, with different "
        "results; with the hit policy ANY they must agree.",
        "decision-rule-hidden": "Rule %(rule)s never counts: rules %(rules)s always come before it.",
        "decision-rule-never": "Rule %(rule)s never applies: one of its conditions cannot be fulfilled.",
        "decision-too-large": "The table is too large to be checked for gaps; divide it into several "
        "decisions.",
        "decision-input-unfit": "“%(name)s” can be “%(values)s”, which the table does not list among the "
        "values of this input.",
        "decision-result-unknown": "The result would be stored as “%(name)s”, but the case type has no such "
        "datum. Known: %(known)s.",
        "decision-result-several": "The decision gives several values; they are stored by the names of its "
        "outputs, not as “%(name)s”.",
        "decision-result-unfit": "The result %(value)s does not "
        "fit the datum “%(name)s”. Possible: %(known)s.",
        "decision-datum-not-read": "The decision sets “%(name)s”, but nothing reads it: neither the flow, a "
        "limit, a form, a message nor another decision.",
    }
)
"""Code → sentence; message ids of the translation."""
