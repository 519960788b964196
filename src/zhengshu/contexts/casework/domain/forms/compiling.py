"""A form's rules for the browser: the same tree and the same expressions, as plain data that a module walks.

The browser gets no program, only nested lists; `static/casework/forms.js` evaluates them as `evaluating` does. What
only the server can know (code tables, files, check digits) is marked and left to it.
"""

import ast
from collections.abc import Mapping

from zhengshu.contexts.casework.domain import expressions
from zhengshu.contexts.casework.domain.forms.json_parts import Json
from zhengshu.contexts.casework.domain.forms.schema import (
    Field,
    Form,
    Note,
    Part,
    Repeat,
    Section,
    choice_names,
)

_OPERATORS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}


def compiled(form: Form) -> Json:
    """Return the rules of all pages."""
    return [_part(part) for part in form.parts]


def compiled_expression(source: str) -> Json:
    """Return an expression as nested lists, operator first; None for the empty one."""
    return _node(expressions.parse(source)) if source else None


def _part(part: Part) -> Json:
    common: dict[str, Json] = {"id": part.id, "hide": compiled_expression(part.hide)}
    match part:
        case Note():
            return {"part": "note", **common}
        case Section():
            return {"part": "section", **common, "parts": [_part(one) for one in part.parts]}
        case Repeat():
            counts: dict[str, Json] = {"key": part.key, "fewest": part.fewest, "most": part.most}
            return {"part": "repeat", **common, **counts, "parts": [_part(one) for one in part.parts]}
        case Field():
            return {"part": "field", **common, **_field(part)}


def _field(part: Field) -> dict[str, Json]:
    rules = part.rules
    names: dict[str, Json] = dict(choice_names(part))
    return {
        "key": part.key,
        "kind": part.kind.value,
        "calculate": compiled_expression(part.calculate),
        "typed": part.is_typed,
        "default": list(part.default) if part.is_fixed else [],
        "names": names,
        "options": None if part.table else [option.value for option in part.options],
        "required": rules.is_required,
        "min_length": rules.min_length,
        "max_length": rules.max_length,
        "least": rules.least,
        "most": rules.most,
        "decimals": rules.decimals,
        "pattern": rules.pattern,
    }


def _node(node: ast.expr) -> Json:  # noqa: PLR0911 - one line for each node of the language
    match node:
        case ast.Constant(value=bool() | str() | int() as constant):
            return ["value", constant]
        case ast.Name(id=name):
            return ["name", name]
        case ast.BoolOp(op=op, values=values):
            return ["and" if isinstance(op, ast.And) else "or", *map(_node, values)]
        case ast.UnaryOp(op=op, operand=operand):
            return ["not" if isinstance(op, ast.Not) else "minus", _node(operand)]
        case ast.BinOp(left=left, op=op, right=right):
            return ["+" if isinstance(op, ast.Add) else "-", _node(left), _node(right)]
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return ["if", _node(test), _node(body), _node(orelse)]
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return ["call", name, _node(argument)]
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            pairs = zip(ops, comparators, strict=True)
            return ["compare", _node(left), *([_OPERATORS[type(op)], _compared(part)] for op, part in pairs)]
    message = f"{type(node).__name__} is not of the language"
    raise AssertionError(message)


def _compared(part: ast.expr) -> Json:
    if isinstance(part, ast.Tuple | ast.List):
        return [_node(one) for one in part.elts]
    return _node(part)
