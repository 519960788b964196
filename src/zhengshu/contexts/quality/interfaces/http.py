"""Management API of `quality`: what the packs demand."""

from django.conf import settings
from ninja import Router, Schema

from zhengshu.contexts.quality import api
from zhengshu.contexts.quality.interfaces.http_results import results
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest

router = Router(tags=["quality"])
router.add_router("", results)


class RuleOut(Schema):
    """A rule as its pack declares it; `element` where it holds for every column that uses the data element."""

    code: str
    name: str
    name_en: str
    kind: str
    element: str
    column: str
    dimension: str
    indicator: str
    severity: str
    weight: int
    basis: str
    basis_en: str


@router.get(
    "/packs/{pack}/rules", auth=official(), response=list[RuleOut], summary="Read the rules of a pack"
)
def rules(request: ActorRequest, pack: str) -> list[RuleOut]:  # noqa: ARG001 - the framework hands it over
    """Return the rules of a pack and of those that it includes; they are content, open to every official."""
    folder = settings.PACKS_FOLDER
    loaded = api.load_pack(pack, folder=folder / "rules", standards=folder / "catalog")
    return [_out(rule) for rule in loaded.pack.rules]


def _out(rule: api.Rule) -> RuleOut:
    return RuleOut(
        code=rule.code,
        name=rule.name,
        name_en=rule.name_en,
        kind=api.kind_of(rule.check),
        element=rule.element,
        column="" if rule.element else rule.column,
        dimension=rule.measures.dimension.value,
        indicator=rule.indicator,
        severity=rule.severity.value,
        weight=rule.weight,
        basis=rule.basis,
        basis_en=rule.basis_en,
    )
