"""What a power may be for: contexts say which single things of a kind there are, in the reader's language."""

from collections.abc import Callable, Mapping

from zhengshu.contexts.trust.models import RelyingParty
from zhengshu.kernel.mandates import Power

Offer = Callable[[], Mapping[str, str]]

_offers: dict[Power, Offer] = {}


def offer_scopes(power: Power, offer: Offer) -> None:
    """Say which single things of a kind a power may be for: their codes and names."""
    _offers[power] = offer


def offered(power: Power) -> Mapping[str, str]:
    """Return the codes and names of the single things of a kind; none where the kind is not divided."""
    return _offers[power]() if power in _offers else {}


def sites_with_enterprises() -> Mapping[str, str]:
    """Return the relying parties at work that are told for which enterprises people act."""
    rows = RelyingParty.objects.filter(is_active=True).select_related("client").order_by("client__name")
    return {row.client_id: row.client.name for row in rows if "enterprise" in row.client.get_scopes()}
