"""Filling bound fields of forms: a signed call of the platform's own system, judged and recorded like any other.

The platform calls as the consuming system that the handling department registered for it (`settings.FORMS_SYSTEM`),
under a grant of that system whose purposes the case type names, and names the case in `Zhengshu-Case`. A private person
is found by his own number only; whoever types somebody else's learns nothing.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.utils import timezone

from zhengshu.client import CallRefused
from zhengshu.client.calls import Records
from zhengshu.contexts.casework.api import FormMatter, Supplied
from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange.application.platform_keys import PlatformKeys
from zhengshu.contexts.exchange.application.try_call import SECONDS_BETWEEN, TRIES_FOR_A_FRESH_KEY
from zhengshu.contexts.exchange.domain.terms import Operation
from zhengshu.contexts.exchange.models import Grant
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.masks import Mask

log = structlog.get_logger(__name__)

PLATFORM = Actor.platform("exchange.forms")
CITIZEN_ID, CREDIT_CODE = "citizen-id", "credit-code"
"""The data elements by which a private person is found: his own number, or that of his enterprise."""
MOST_ROWS = 5


OFFICIAL = "zhengshu-forms"
"""Who asks: the platform itself, for whoever fills in a form; who that is stands in the case that the call names."""
_keys = PlatformKeys(PLATFORM)


class _Silent(Exception):
    """Nothing can be supplied, and why; see `SILENCES` of casework."""

    def __init__(self, *, why: str) -> None:
        super().__init__(why)
        self.why = why


class ExchangeForForms:
    """The exchange as forms see it."""

    def supply(
        self,
        *,
        elements: Iterable[str],
        known: Mapping[str, str],
        matter: FormMatter,
        at: datetime,
    ) -> Mapping[str, Supplied]:
        """Return the values of those elements that have a source, or why there is none; one call a resource.

        Basis: Decree 809, articles 19, 22 and 25.
        """
        sources = catalog.element_sources(codes=elements)
        together: dict[str, list[str]] = defaultdict(list)
        for element, source in sources.items():
            together[source.resource_code].append(element)
        found: dict[str, Supplied] = {}
        for wanted in together.values():
            source = sources[wanted[0]]
            try:
                found |= _fetched(source, wanted, known=known, matter=matter, at=at)
            except _Silent as silent:
                log.info("exchange.form-not-supplied", resource=source.resource_code, why=silent.why)
                said = Supplied(value="", source=source.source, at=at, refusal=silent.why)
                found |= dict.fromkeys(wanted, said)
        return found


def _fetched(
    source: catalog.ElementSource,
    wanted: Iterable[str],
    *,
    known: Mapping[str, str],
    matter: FormMatter,
    at: datetime,
) -> dict[str, Supplied]:
    grant, purpose = _granted(source.resource_code, matter=matter, at=at)
    key = _key(grant, source, known=known)
    _check_own(source, key, matter=matter)
    open_columns = {one["column"] for one in grant.fields if one["mask"] == Mask.NONE}
    columns = {element: source.columns[element] for element in wanted if element in source.columns}
    readable = sorted({column for column in columns.values() if column in open_columns})
    if not readable:
        raise _Silent(why="masked")
    answer = _called(grant, key=key, columns=readable, purpose=purpose, case=matter.case)
    return {element: _supplied(answer, columns.get(element, ""), source=source, at=at) for element in wanted}


def _granted(resource_code: str, *, matter: FormMatter, at: datetime) -> tuple[Grant, str]:
    """Return a grant of the platform's own system of a department that handles the matter, and the purpose."""
    systems = trust.systems_named(name=settings.FORMS_SYSTEM, departments=matter.departments)
    grants = [
        grant
        for grant in Grant.objects.for_forms(resource_code=resource_code, systems=systems, at=at)
        if Operation.RECORDS in grant.operations
    ]
    if not grants:
        raise _Silent(why="no-grant")
    for grant in grants:
        for purpose in grant.purposes:
            if purpose in matter.purposes:
                return grant, purpose
    raise _Silent(why="no-purpose")


def _key(grant: Grant, source: catalog.ElementSource, *, known: Mapping[str, str]) -> dict[str, str]:
    """Return the key by which the rows are asked for: what the person answered, by the elements of its columns."""
    elements = {column: element for element, column in source.columns.items()}
    key = {
        column: known[elements[column]] for column in grant.key_columns if known.get(elements.get(column, ""))
    }
    if not key:
        raise _Silent(why="key-missing")
    return key


def _check_own(source: catalog.ElementSource, key: Mapping[str, str], *, matter: FormMatter) -> None:
    """Refuse a private person who asks by a number that is not his own or his enterprise's."""
    if matter.person_id is None:
        return
    elements = {column: element for element, column in source.columns.items()}
    for column, value in key.items():
        is_own = False
        if elements[column] == CITIZEN_ID:
            is_own = _is_own_number(value, person_id=matter.person_id)
        elif elements[column] == CREDIT_CODE:
            is_own = value in trust.enterprise_codes(ids=matter.enterprise_ids)
        if not is_own:
            raise _Silent(why="not-own")


def _is_own_number(text: str, *, person_id: UUID) -> bool:
    try:
        number = CitizenId.parse(text)
    except Refused:
        return False
    return trust.is_citizen_id_of(account_id=person_id, citizen_id=number)


def _called(
    grant: Grant,
    *,
    key: Mapping[str, str],
    columns: list[str],
    purpose: str,
    case: str,
) -> Records:
    try:
        # The gateway judges by its own clock, whatever the moment of the form is.
        client = _keys.client_of(grant.system_id, at=timezone.now())
    except Refused as refusal:
        raise _Silent(why="refused") from refusal
    for last in (*[False] * TRIES_FOR_A_FRESH_KEY, True):
        try:
            return client.records(
                grant.resource_code,
                key=key,
                purpose=purpose,
                fields=columns,
                case=case,
                official=OFFICIAL,
                limit=MOST_ROWS,
            )
        except CallRefused as refusal:
            if refusal.code == "exchange.signature-wrong" and not last:
                time.sleep(SECONDS_BETWEEN)
                continue
            raise _Silent(why="refused") from refusal
        except OSError as fault:
            raise _Silent(why="unreachable") from fault
    raise _Silent(why="refused")


def _supplied(answer: Records, column: str, *, source: catalog.ElementSource, at: datetime) -> Supplied:
    values = {str(row[column]) for row in answer.rows if row.get(column) is not None}
    why = ""
    if not any(column in row for row in answer.rows) and answer.rows:
        why = "masked"
    elif not values:
        why = "not-found"
    elif len(values) > 1:
        why = "several"
    value = next(iter(values)) if not why else ""
    return Supplied(value=value, source=source.source, at=at, receipt=answer.receipt, refusal=why)
