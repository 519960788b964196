"""The report of an assessment on a terminal."""

from collections.abc import Iterable, Mapping

from django.utils.translation import get_language, gettext, gettext_noop
from rich.console import Console
from rich.table import Table

from zhengshu.contexts.quality import api
from zhengshu.contexts.quality.interfaces.labels import filled, rule_name

SEVERITIES: Mapping[api.Severity, str] = {
    api.Severity.ERROR: gettext_noop("error"),
    api.Severity.WARNING: gettext_noop("warning"),
    api.Severity.HINT: gettext_noop("hint"),
}
_SHOWN_PLACES = 5
_WIDTH = 120
"""The least width where nobody looks at a terminal: logs of pipelines scroll."""


def print_report(assessment: api.Assessment, *, file: str, pack: str) -> None:
    """Print what an assessment found, most serious first."""
    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, _WIDTH)
    console.print(_facts(assessment, file, pack))
    console.print(_dimensions(assessment))
    there = {column.name for column in assessment.table.columns}
    if assessment.failing:
        console.print(_failing(assessment))
    else:
        console.print(gettext("No rule blames a row."))
    for result in assessment.rules:
        if result.reason is not None and set(result.rule.columns) <= there:
            reason = filled(result.reason.message, result.reason.details)
            console.print(
                gettext("Not asked: %(rule)s. %(reason)s")
                % {"rule": rule_name(result.rule), "reason": reason}
            )
    if assessment.unknown:
        names = "、".join(assessment.unknown)
        console.print(gettext("Columns without rules: %(names)s.") % {"names": names})
    if assessment.missing:
        names = "、".join(assessment.missing)
        console.print(gettext("Columns that the file lacks: %(names)s.") % {"names": names})
    if not api.is_described(assessment):
        console.print(
            gettext("The pack does not describe this table; only rules of data elements were asked.")
        )


def print_imported(made: api.ImportedPack) -> None:
    """Print how many foreign rules were taken over, and each that was not, with the reason."""
    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, _WIDTH)
    console.print(gettext("Rules taken over: %(count)s.") % {"count": made.rules})
    for left in made.left_out:
        reason = filled(left.reason.message, left.reason.details)
        text = gettext("Not taken over: %(rule)s. %(reason)s") % {"rule": left.rule, "reason": reason}
        console.print(text, highlight=False, markup=False)


def print_tried(found: api.StatementTried) -> None:
    """Print what a statement blames."""
    places = ", ".join(str(place) for place in found.places[:_SHOWN_PLACES].tolist())
    text = gettext("Rows blamed: %(blamed)s of %(rows)s, in %(seconds)s s.") % {
        "blamed": f"{len(found.places):,}",
        "rows": f"{found.rows:,}",
        "seconds": f"{found.seconds:.2f}",
    }
    console = Console()
    console.print(text, highlight=False)
    if places:
        console.print(gettext("First rows: %(places)s") % {"places": places}, highlight=False)


def print_faults(faults: Iterable[api.Fault]) -> None:
    """Print the faults of a pack, one a line."""
    for fault in faults:
        place = ": ".join(part for part in (fault.file, fault.place) if part)
        Console(stderr=True).print(f"{place}: {filled(fault.message, fault.details)}", highlight=False)


def _facts(assessment: api.Assessment, file: str, pack: str) -> Table:
    facts = Table(show_header=False, title=f"{file} · {assessment.table.name}")
    score = assessment.score
    rows: tuple[tuple[str, str], ...] = (
        (gettext("Pack of rules"), pack),
        (gettext("Rows"), f"{assessment.rows:,}"),
        *((((gettext("Rows read as a sample")), f"{assessment.sampled:,}"),) if assessment.sampled else ()),
        (gettext("Rows that a rule blames"), f"{assessment.faulty:,}"),
        (gettext("Rows that cannot be read"), f"{assessment.broken:,}"),
        (
            gettext("Rules asked"),
            f"{sum(result.was_asked for result in assessment.rules)} / {len(assessment.rules)}",
        ),
        (gettext("Score"), "—" if score is None else f"{score:.2f}　{assessment.grade}"),
        (gettext("Duration"), gettext("%(seconds)s s") % {"seconds": f"{assessment.seconds:.1f}"}),
    )
    for label, value in rows:
        facts.add_row(label, value)
    return facts


def _dimensions(assessment: api.Assessment) -> Table:
    table = Table(gettext("Dimension"), gettext("Score"))
    is_chinese = (get_language() or "").startswith("zh")
    for dimension, score in assessment.dimensions.items():
        chinese, english = api.DIMENSION_NAMES[dimension]
        table.add_row(chinese if is_chinese else english, f"{score:.2f}")
    return table


def _failing(assessment: api.Assessment) -> Table:
    table = Table(
        gettext("Severity"),
        gettext("Rule"),
        gettext("Column"),
        gettext("Rows asked"),
        gettext("Rows blamed"),
        gettext("Share of rows"),
        gettext("First rows"),
    )
    for column in table.columns:
        column.overflow = "fold"
    headings = {column.name: column.headings[0] for column in assessment.table.columns if column.headings}
    for result in assessment.failing:
        places = ", ".join(map(str, result.places[:_SHOWN_PLACES]))
        table.add_row(
            gettext(SEVERITIES[result.rule.severity]),
            rule_name(result.rule),
            headings.get(result.rule.column, result.rule.column),
            f"{result.asked:,}",
            f"{result.failed:,}",
            _share(result),
            places + (" …" if result.failed > _SHOWN_PLACES else ""),
        )
    return table


def _share(result: api.RuleResult) -> str:
    share = f"{result.failed / result.asked:.2%}"
    return share if result.error is None else f"{share} ± {result.error:.2%}"
