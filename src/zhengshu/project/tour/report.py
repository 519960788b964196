"""What the tour prints: each step, what it proves, how long it took, and a table at the end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.table import Table


class NotAsExpected(Exception):
    """A step of the tour did something else than it should; the tour goes on and ends with status 1."""


@dataclass(slots=True)
class Step:
    """One step: its name, what it proves, what was seen, and the time it took."""

    name: str
    proves: str
    seen: str = ""
    seconds: float = 0.0
    fault: str = ""


@dataclass(slots=True)
class Report:
    """The steps so far, printed as they happen."""

    console: Console
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str, *, proves: str) -> Iterator[Step]:
        """Time a step and print it; a step that is not as expected is shown and remembered."""
        step = Step(name, proves)
        self.steps.append(step)
        started = time.perf_counter()
        try:
            yield step
        except NotAsExpected as fault:
            step.fault = str(fault)
        finally:
            step.seconds = time.perf_counter() - started
        mark = "[red]✗[/]" if step.fault else "[green]✓[/]"
        self.console.print(f"{mark} [bold]{len(self.steps):>2} {name}[/]  {step.seconds:.2f} s")
        self.console.print(f"     {escape(step.fault or step.seen)}", style="red" if step.fault else "")
        self.console.print(f"     proves: {escape(proves)}", style="dim")

    @property
    def is_as_expected(self) -> bool:
        """Whether no step failed."""
        return not any(step.fault for step in self.steps)

    def table(self) -> None:
        """Print the summary."""
        table = Table(title="The tour")
        for column in ("", "step", "seconds", "seen"):
            table.add_column(column, justify="right" if column == "seconds" else "left")
        for number, step in enumerate(self.steps, start=1):
            mark = "[red]✗[/]" if step.fault else "[green]✓[/]"
            table.add_row(
                f"{mark} {number}", step.name, f"{step.seconds:.2f}", escape(step.fault or step.seen)
            )
        self.console.print(table)
        total = sum(step.seconds for step in self.steps)
        good = sum(not step.fault for step in self.steps)
        self.console.print(f"{good} of {len(self.steps)} steps as expected, {total:.1f} s in all")


def expect(condition: object, message: str) -> None:
    """Raise `NotAsExpected` with the message unless the condition holds."""
    if not condition:
        raise NotAsExpected(message)
