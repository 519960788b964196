"""Pages of the audit administrator."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.trust.application.export_audit import (
    MOST_SHEET_ROWS,
    TooManyRows,
    as_csv,
    as_sheet,
    cells,
)
from zhengshu.contexts.trust.application.log_sources import ON_BEHALF
from zhengshu.contexts.trust.application.queries import departments, enterprise_name
from zhengshu.contexts.trust.application.search_audit import (
    AuditFilter,
    all_matching,
    audit_event,
    count_matching,
    record_export,
    record_refusal,
    search_audit,
)
from zhengshu.contexts.trust.domain.duties import NotYourDuty
from zhengshu.contexts.trust.interfaces.event_names import name_choices, name_of
from zhengshu.contexts.trust.interfaces.forms import AuditForm
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import signed_in
from zhengshu.foundation.ui.tags import moment
from zhengshu.kernel.actors import Role
from zhengshu.kernel.errors import Refused

SIZE = 50


class AuditSearchUnfit(Refused):
    """A condition of the search cannot be understood; correct it on the search page."""

    code = "trust.audit-search-unfit"
    message = "The search cannot be understood. Correct it on the audit's page, then export."


@signed_in
def audit_list(request: ActorRequest) -> HttpResponse:
    """Search the audit."""
    _check(request)
    form = AuditForm(request.GET or None, names=name_choices())
    asked = _asked(form)
    if asked is None:
        return render(request, "trust/audit_list.html", {"form": form, "rows": (), "is_filtered": True})
    page = search_audit(
        asked=asked,
        before=_number(request.GET.get("before")),
        after=_number(request.GET.get("after")),
        size=SIZE,
        actor=request.actor,
    )
    kept = [
        (field, value) for field, value in request.GET.items() if field not in {"before", "after"} and value
    ]
    names = _department_names(row.actor_department_id for row in page.rows)
    rows = [(row, name_of(row.name), names.get(row.actor_department_id, "")) for row in page.rows]
    context = {
        "form": form,
        "rows": rows,
        "asked": urlencode(kept),
        "older": urlencode([*kept, ("before", page.older)]) if page.older else "",
        "newer": urlencode([*kept, ("after", page.newer)]) if page.newer else "",
        "is_filtered": bool(kept),
    }
    return render(request, "trust/audit_list.html", context)


@signed_in
def audit_detail(request: ActorRequest, event_id: int) -> HttpResponse:
    """Show one event with all its fields."""
    _check(request)
    row = audit_event(event_id=event_id, actor=request.actor)
    known = _department_names((row.actor_department_id, row.department_id))
    facts = [
        (_("What"), name_of(row.name)),
        (_("When"), moment(row.at)),
        (_("Outcome"), _("Success") if row.is_success else _("Failure")),
        (_("Who"), row.actor_name or _("not signed in")),
        (_("Account"), "" if row.actor_id.int == 0 else row.actor_id),
        (
            _("Department of the person"),
            known.get(row.actor_department_id, ""),
        ),
        *_behalf(row.data),
        (_("Network address"), row.address),
        (_("Subject"), f"{row.subject_label} ({row.subject_kind} {row.subject_id})".strip()),
        (_("Department concerned"), known.get(row.department_id, "")),
        (_("Event"), f"{row.name} #{row.id}"),
    ]
    context = {
        "trail": ((_("Audit"), reverse("trust:audit-list")), (name_of(row.name), "")),
        "row": row,
        "title": name_of(row.name),
        "facts": facts,
        "data": sorted(item for item in row.data.items() if item[0] != ON_BEHALF),
    }
    return render(request, "trust/audit_detail.html", context)


def _behalf(data: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return in whose name a handler acted, and under which delegation."""
    told = data.get(ON_BEHALF)
    if not isinstance(told, Mapping):
        return []
    code = str(told.get("enterprise_code", ""))
    name = f"{enterprise_name(code=code)} ({code})"
    return [(gettext("On behalf of"), name), (gettext("Delegation"), str(told.get("delegation", "")))]


@signed_in
def audit_export(request: ActorRequest, form: str) -> HttpResponseBase:
    """Send what was searched for as a file; that it was sent is in the audit before the first byte leaves."""
    _check(request)
    asked = _asked(AuditForm(request.GET or None, names=name_choices()))
    if asked is None:
        raise AuditSearchUnfit
    at = timezone.now()
    count = count_matching(asked=asked, most=MOST_SHEET_ROWS + 1, actor=request.actor)
    if form == "xlsx" and count > MOST_SHEET_ROWS:
        raise TooManyRows(most=MOST_SHEET_ROWS)
    record_export(asked=asked, form=form, rows=count, actor=request.actor, at=at)
    rows = _lines(asked, request)
    name = f"audit-{timezone.localtime(at):%Y%m%d-%H%M%S}.{form}"
    if form == "xlsx":
        return FileResponse(as_sheet(rows), as_attachment=True, filename=name)
    return StreamingHttpResponse(
        as_csv(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _check(request: ActorRequest) -> None:
    """Let only the audit administrator in; everybody else's attempt is itself an audit event."""
    if not request.actor.has(Role.AUDIT_ADMIN):
        record_refusal(path=request.path, actor=request.actor, at=timezone.now())
        raise NotYourDuty


def _asked(form: AuditForm) -> AuditFilter | None:
    """Return what is looked for; None where it cannot be understood, which must not mean everything."""
    if not form.is_bound:
        return AuditFilter()
    if not form.is_valid():
        return None
    entered = form.cleaned_data
    return AuditFilter(
        who=entered["who"],
        name=entered["name"],
        department_id=UUID(entered["department"]) if entered["department"] else None,
        subject=entered["subject"],
        address=entered["address"],
        since=_midnight(entered["since"]) if entered["since"] else None,
        until=_midnight(entered["until"] + timedelta(days=1)) if entered["until"] else None,
        only_failures=entered["only_failures"],
    )


def _department_names(ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Return the names of departments by id, in one query."""
    return {row.id: row.name for row in departments(ids=[one for one in ids if one]).values()}


def _lines(asked: AuditFilter, request: ActorRequest) -> Iterator[tuple[str, ...]]:
    names: dict[UUID, str] = {row.id: row.name for row in departments().values()}
    yield (
        gettext("Number"),
        gettext("When"),
        gettext("What"),
        gettext("Event"),
        gettext("Success"),
        gettext("Who"),
        gettext("Account"),
        gettext("Department of the person"),
        gettext("Network address"),
        gettext("Kind of subject"),
        gettext("Id of subject"),
        gettext("Subject"),
        gettext("Department concerned"),
        gettext("Details"),
    )
    for record in all_matching(asked=asked, actor=request.actor):
        yield cells(record, name_of=name_of, departments=names, time=_written)


def _written(instant: datetime) -> str:
    return timezone.localtime(instant).isoformat(timespec="milliseconds")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None  # noqa: PLR2004 - fits a bigint
