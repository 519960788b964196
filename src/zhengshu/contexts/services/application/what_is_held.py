"""Ask the catalogue what the government holds."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from django.conf import settings

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services.domain.held import Held, Holding
from zhengshu.kernel.errors import Refused


class HeldMaterialsNotReadable(Refused):
    """The content that says which documents the government holds is missing or not of its form."""

    code = "services.held-materials-not-readable"
    message = "%(file)s cannot be read: %(fault)s"


def what_is_held() -> Held:
    """Return the authoritative sources of all data elements, with the names by which materials call them.

    It also says which certificates never end.

    Basis: Decree 809, article 19.

    Raises:
        HeldMaterialsNotReadable: the table of documents is missing or not of its form.
    """
    elements = catalog.elements()
    sources = catalog.sources_of_elements(codes=[element.code for element in elements])
    names: dict[str, str] = {}
    for element in elements:
        names |= dict.fromkeys((*element.synonyms, element.name), element.code)
    return Held(
        holdings={
            code: Holding(
                element=code,
                element_name=source.element_name,
                resource_code=source.resource_code,
                resource=source.resource_name,
                provider=source.department_name,
            )
            for code, source in sources.items()
        },
        names=names,
        documents=_documents(Path(settings.PACKS_FOLDER) / "held-materials.yaml"),
        endless=frozenset(code for code, kind in certificates.types().items() if kind.validity.is_endless),
    )


def _documents(file: Path) -> Mapping[str, tuple[str, ...]]:
    try:
        return msgspec.yaml.decode(file.read_bytes(), type=dict[str, tuple[str, ...]])
    except (OSError, msgspec.MsgspecError) as fault:
        raise HeldMaterialsNotReadable(file=file.name, fault=str(fault)) from fault
