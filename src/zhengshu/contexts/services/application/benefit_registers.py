"""The registers that a benefit's rules read: through the gateway, with a grant, a purpose and a proof for each call."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from django.utils import timezone

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange import api as exchange
from zhengshu.contexts.services.domain.benefits import Definition, Given, Row
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.regions import RegionCode

OFFICIAL: Final = "zhengshu-benefits"
"""Who asks: the platform itself, for a run or a check that somebody of the department started."""

REGIONS: Final = "region"
"""The code table of a deployment's own regions."""

_AT_ONCE: Final = 4
"""Calls that are under way at the same time."""


class Registers(Protocol):
    """What the rules of one benefit may ask."""

    def areas(self) -> Sequence[str]:
        """Return the areas by which the population is read."""
        ...

    def listed(self, area: str) -> Mapping[str, Given]:
        """Return the rows of the population of an area, by subject."""
        ...

    def asked(self, source: str, subjects: Iterable[str]) -> Mapping[str, Given]:
        """Return what a register says of each subject."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRegisters:
    """The registers behind the gateway, as the department that grants the benefit may read them."""

    definition: Definition
    department_id: UUID

    def areas(self) -> Sequence[str]:
        """Return the codes of the department's region that are as long as the population's areas."""
        own = trust.department(department_id=self.department_id).region
        region = RegionCode.parse(self.definition.region or own)
        tables = catalog.code_tables(codes=(REGIONS,))
        codes = [entry.code for table in tables for entry in table.entries]
        length = self.definition.population.area_length
        return sorted(
            code
            for code in codes
            if len(code) == length and code != str(region) and region.contains(RegionCode.parse(code))
        )

    def listed(self, area: str) -> Mapping[str, Given]:
        """Return the rows of the population of an area, by subject; each with the call that gave it."""
        population = self.definition.population
        source = self.definition.sources[population.source]
        register = self._register(population.source)
        rows: dict[str, list[Row]] = defaultdict(list)
        receipts: dict[str, str] = {}
        for page in register.rows(key={population.area: area}, columns=source.columns):
            for row in page.rows:
                subject = row.get(population.subject, "").strip().upper()
                rows[subject].append(row)
                receipts[subject] = page.receipt
        at = timezone.now()
        return {
            subject: Given(rows=tuple(found), source=register.source, at=at, receipt=receipts[subject])
            for subject, found in rows.items()
        }

    def asked(self, source: str, subjects: Iterable[str]) -> Mapping[str, Given]:
        """Return what a register says of each subject, a call each."""
        wanted = list(subjects)
        if not wanted:
            return {}
        register = self._register(source)
        declared = self.definition.sources[source]

        def ask(subject: str) -> Given:
            pages = list(register.rows(key={declared.key: subject}, columns=declared.columns))
            rows = tuple(row for page in pages for row in page.rows)
            return Given(rows=rows, source=register.source, at=timezone.now(), receipt=pages[-1].receipt)

        with ThreadPoolExecutor(max_workers=_AT_ONCE) as threads:
            return dict(zip(wanted, threads.map(ask, wanted), strict=True))

    def _register(self, source: str) -> exchange.Register:
        return exchange.open_register(
            resource=self.definition.sources[source].resource,
            department_id=self.department_id,
            purpose=self.definition.purpose,
            official=OFFICIAL,
            at=timezone.now(),
        )
