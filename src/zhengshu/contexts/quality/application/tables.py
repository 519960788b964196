"""A catalogued resource as a table of the rules: what it is asked, and which other tables its rules name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.conf import settings

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.quality.application import own_rules
from zhengshu.contexts.quality.application.packs import Loaded, load_pack
from zhengshu.contexts.quality.domain.checks import Agrees, Listed, OwnSql, Refers
from zhengshu.contexts.quality.domain.rules import CodeTable, Rule, Table, TableColumn
from zhengshu.contexts.quality.models import WHOLE_VIEW
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor

PLATFORM = Actor.platform("quality.assess")
_MOST_SAME_NAME = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a resource is asked.

    Attributes:
        table: its items as columns, each with its data element.
        rules: those of the data elements of its items, those of its table, then those of the data authority in SQL.
        pack: the pack that they come from.
    """

    resource: catalog.ResourceRecord
    table: Table
    rules: tuple[Rule, ...]
    pack: str

    @property
    def names_of_others(self) -> frozenset[str]:
        """The codes of the other tables that the rules name."""
        checks = [rule.check for rule in self.rules]
        referred = {check.table for check in checks if isinstance(check, Refers | Agrees)}
        return frozenset(referred.union(*(check.tables for check in checks if isinstance(check, OwnSql))))


def rules_in_force() -> Loaded:
    """Return the pack that the platform asks its tables."""
    packs = settings.PACKS_FOLDER
    return load_pack(settings.QUALITY_PACK, folder=packs / "rules", standards=packs / "catalog")


def table_of(code: str, *, actor: Actor) -> catalog.ResourceRecord:
    """Return a table by its code: one that the actor sees in the catalogue; whoever sees all results sees all tables.

    Raises:
        ResourceNotFound: there is none that the actor may see.
    """
    sees_all = not actor.roles.isdisjoint(WHOLE_VIEW)
    return catalog.resource(code=code, actor=PLATFORM if sees_all else actor)


def asked_of(
    resource: catalog.ResourceRecord, loaded: Loaded, *, own: tuple[Rule, ...] | None = None
) -> Asked:
    """Return what a resource is asked.

    Rules of a data element apply to every item that uses it. Which element that is the catalogue says, and the pack
    itself for the columns of the tables that it describes, where words of a department's own may be in use.

    Args:
        resource: the resource.
        loaded: the pack in force.
        own: its rules in SQL, where the caller knows them; they are looked up otherwise.
    """
    if own is None:
        own = own_rules.in_force(resource.id)
    described = _described(resource, loaded)
    by_name = {column.name: column for column in described.columns} if described else {}
    columns = tuple(
        TableColumn(
            name=item.column,
            headings=(item.name,),
            element=by_name[item.column].element if item.column in by_name else item.element_code,
        )
        for item in resource.items
    )
    table = Table(
        code=described.code if described else resource.code,
        name=resource.name,
        columns=columns,
        rules=described.rules if described else (),
        resource=resource.code,
    )
    rules = (*loaded.pack.rules_of(table), *own)
    return Asked(resource=resource, table=table, rules=rules, pack=loaded.pack.code)


def resource_of(table: str, loaded: Loaded) -> catalog.ResourceRecord | None:
    """Return the published resource that a table of the pack describes; None where there is none, or several."""
    wanted = loaded.pack.tables.get(table)
    if wanted is None:
        return None
    page = catalog.search(query=ListQuery(text=wanted.name, size=_MOST_SAME_NAME), actor=PLATFORM)
    ids = [row.id for row in page.rows if row.published_at is not None]
    found = [
        one for one in catalog.resources(ids=ids).values() if not one.is_retired and _describes(wanted, one)
    ]
    return found[0] if len(found) == 1 else None


def code_tables_of(rules: tuple[Rule, ...], loaded: Loaded) -> Mapping[str, CodeTable]:
    """Return the code tables that rules name, as the catalogue has them now."""
    names = {rule.check.table for rule in rules if isinstance(rule.check, Listed) and rule.check.table}
    return {name: found for name in sorted(names) if (found := _code_table(name, loaded)) is not None}


def _code_table(name: str, loaded: Loaded) -> CodeTable | None:
    try:
        known = catalog.code_table(code=name)
    except catalog.CodeTableNotFound:
        return loaded.code_tables.get(name)
    return CodeTable(
        code=name,
        codes=frozenset(entry.code for entry in known.entries),
        names=frozenset(entry.name for entry in known.entries),
    )


def _described(resource: catalog.ResourceRecord, loaded: Loaded) -> Table | None:
    found = [table for table in loaded.pack.tables.values() if _describes(table, resource)]
    return found[0] if len(found) == 1 else None


def _describes(table: Table, resource: catalog.ResourceRecord) -> bool:
    """Whether a table of the pack is a resource: by its code, or by its name where all of its columns are there."""
    if table.resource:
        return table.resource == resource.code
    there = {item.column for item in resource.items}
    return table.name == resource.name and there.issuperset(column.name for column in table.columns)


def without_examples(rule: Rule) -> Rule:
    """Return a rule as it is kept with a run: what it asks, not how it was tried."""
    return replace(rule, passes=(), fails=())
