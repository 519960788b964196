"""What the city's departments declare and ask for, as `resources.yaml` and `requests.yaml` state it."""

from collections.abc import Mapping
from pathlib import Path

import msgspec.yaml

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange import api as exchange
from zhengshu.kernel.masks import Mask
from zhengshu.project.demo_city.content import pack_folder


class System(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The information system of a department, with its level of graded protection."""

    name: str
    summary: str
    level: int


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item of a resource."""

    name: str
    column: str
    grade: int
    type: catalog.DataType = catalog.DataType.TEXT
    length: int | None = None
    personal: catalog.PersonalClass = catalog.PersonalClass.NONE
    element: str = ""
    table: str = ""
    key: bool = False
    required: bool = False

    def draft(self) -> catalog.ItemDraft:
        """Return it as the catalogue takes it."""
        return catalog.ItemDraft(
            name=self.name,
            column=self.column,
            data_type=self.type,
            length=self.length,
            grade=catalog.Grade(self.grade),
            personal=self.personal,
            element_code=self.element,
            code_table=self.table,
            is_key=self.key,
            is_required=self.required,
        )


class Resource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A resource with the file from which it is delivered."""

    key: str
    department: str
    file: str
    name: str
    summary: str
    classification: str
    format: str
    update_cycle: catalog.UpdateCycle
    sharing: catalog.SharingClass
    duty: str
    items: tuple[Item, ...]
    scope: str = ""
    purposes: str = ""
    reason: str = ""
    basis: str = ""
    opening: catalog.OpeningClass = catalog.OpeningClass.CLOSED
    opening_conditions: str = ""
    keywords: tuple[str, ...] = ()
    source_of: tuple[str, ...] = ()


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a provider says no."""

    ground: exchange.RefusalGround
    reason: str
    basis: str


class Agreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a provider lets through beyond the masks of the grades, and why."""

    reason: str
    masks: Mapping[str, Mask]


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A share request and the state to which it is brought."""

    key: str
    consumer: str
    system: str
    resource: str
    purpose: str
    legal_basis: str
    scenario: str
    columns: tuple[str, ...]
    days_ago: int
    until: exchange.RequestState
    notice: str = ""
    refusal: Refusal | None = None
    agreement: Agreement | None = None
    per_second: int = 10
    per_day: int = 10_000


class OwnUse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the platform reads for a department of the department's own register, to fill in the forms of its items."""

    resource: str
    purpose: str
    columns: tuple[str, ...]


class Platform(msgspec.Struct, frozen=True):
    """All that is declared and asked for."""

    systems: Mapping[str, System]
    resources: tuple[Resource, ...]
    requests: tuple[Request, ...]
    own_uses: tuple[OwnUse, ...]


class _Resources(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    systems: Mapping[str, System]
    resources: tuple[Resource, ...]


class _Requests(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    requests: tuple[Request, ...]
    own_uses: tuple[OwnUse, ...] = ()


def read_platform(folder: Path | None = None) -> Platform:
    """Read what is declared and asked for.

    Raises:
        msgspec.ValidationError: a file does not have its form, with the place that failed.
    """
    pack = folder or pack_folder()
    declared = msgspec.yaml.decode((pack / "resources.yaml").read_bytes(), type=_Resources)
    asked = msgspec.yaml.decode((pack / "requests.yaml").read_bytes(), type=_Requests)
    return Platform(declared.systems, declared.resources, asked.requests, asked.own_uses)
