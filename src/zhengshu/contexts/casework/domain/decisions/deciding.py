"""Takes decisions: those that they require first, rules by the table's hit policy, and says which rules applied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from zhengshu.contexts.casework.domain.decisions.evaluating import Budget, Evaluation
from zhengshu.contexts.casework.domain.decisions.functions import Function
from zhengshu.contexts.casework.domain.decisions.hits import hit
from zhengshu.contexts.casework.domain.decisions.model import (
    Decision,
    Entries,
    Expression,
    Invocation,
    Items,
    Knowledge,
    Logic,
    Model,
    Table,
)
from zhengshu.contexts.casework.domain.decisions.refusals import NotDecidable
from zhengshu.contexts.casework.domain.decisions.types import conformed
from zhengshu.contexts.casework.domain.decisions.values import Feel

DEEPEST = 30
"""Knowledge models that call each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableHit:
    """Which rules of which decision's table applied, by their numbers from 1; none where the default was taken."""

    decision: str
    rules: tuple[int, ...]


@dataclass(slots=True)
class Session:
    """One taking of a decision: what is given, what was decided so far, and which rules applied."""

    model: Model
    given: Mapping[str, Feel]
    budget: Budget = field(default_factory=Budget)
    decided: dict[str, Feel] = field(default_factory=dict)
    hits: list[TableHit] = field(default_factory=list)
    depth: int = 0

    def decide(self, decision: str) -> Feel:
        """Return the value of a decision, taking those that it requires first.

        Raises:
            NotDecidable: it cannot be taken; says why.
        """
        for one in self.model.required(decision):
            if one in self.model.decisions and one not in self.decided:
                self.decided[one] = self._taken(self.model.decisions[one])
        return self.decided[decision]

    def _taken(self, decision: Decision) -> Feel:
        if decision.logic is None:
            raise NotDecidable(what=f"the logic of {decision.label} was not read")
        scope = {**self.given}
        for one in decision.needs.inputs:
            data = self.model.inputs[one]
            scope[data.name] = conformed(self.given.get(data.name), data.type, self.model.types)
        for one in decision.needs.decisions:
            scope[self.model.decisions[one].name] = self.decided[one]
        run = Evaluation(scope, self.functions(decision.needs.knowledge), None, self.budget)
        value = self.value(decision.logic, run, about=decision.id)
        return conformed(value, decision.type, self.model.types)

    def functions(self, names: Iterable[str]) -> Mapping[str, Function]:
        """Return knowledge models as functions, by their names."""
        known = (self.model.knowledge[one] for one in names)
        return {one.name: _Called(self, one) for one in known}

    def value(self, logic: Logic, run: Evaluation, *, about: str) -> Feel:
        """Return what logic says where some names are known."""
        match logic:
            case Table():
                value, rules = hit(logic, run)
                self.hits.append(TableHit(decision=about, rules=rules))
                return value
            case Expression(node=node, type=name):
                return conformed(run.value(node), name, self.model.types)
            case Entries():
                return self._entries(logic, run, about=about)
            case Items(parts=parts):
                return tuple(self.value(part, run, about=about) for part in parts)
            case Invocation(function=function, names=names, parts=parts):
                arguments = tuple(self.value(part, run, about=about) for part in parts)
                return run.functions[function].called(arguments, names)

    def _entries(self, logic: Entries, run: Evaluation, *, about: str) -> Feel:
        found: dict[str, Feel] = {}
        for name, kind, part in zip(logic.names, logic.types, logic.parts, strict=True):
            value = self.value(part, run.within(found), about=about)
            found[name] = conformed(value, kind, self.model.types)
        return found if logic.result is None else self.value(logic.result, run.within(found), about=about)


@dataclass(frozen=True, slots=True)
class _Called:
    """A knowledge model that can be called."""

    session: Session
    knowledge: Knowledge

    def called(self, arguments: tuple[Feel, ...], names: tuple[str, ...]) -> Feel:
        """Return its result; null where the arguments do not fit its parameters."""
        session, own = self.session, self.knowledge
        wanted = tuple(name for name, _ in own.parameters)
        given = dict(zip(names or wanted, arguments, strict=False))
        if len(arguments) != len(wanted) or given.keys() != set(wanted) or own.logic is None:
            return None
        scope: dict[str, Feel] = {}
        for name, kind in own.parameters:
            scope[name] = conformed(given[name], kind, session.model.types)
            if scope[name] is None and given[name] is not None:
                return None
        session.depth += 1
        if session.depth > DEEPEST:
            raise NotDecidable(what=f"{own.name} calls itself too often")
        run = Evaluation(scope, session.functions(own.needs.knowledge), None, session.budget)
        value = session.value(own.logic, run, about=own.id)
        session.depth -= 1
        return conformed(value, own.type, session.model.types)
