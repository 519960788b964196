"""The life of a batch, and what speaks against collecting a delivery."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zhengshu.contexts.lake.domain.faults import Fault
from zhengshu.kernel.errors import Kind, Refused


class BatchState(StrEnum):
    """Where a batch stands. Only `PUBLISHED` changes what others read."""

    RECEIVED = "received"
    COLLECTING = "collecting"
    PUBLISHED = "published"
    REFUSED = "refused"
    INTERRUPTED = "interrupted"


class DeliveryMode(StrEnum):
    """What a batch does with the rows that are there."""

    REPLACE = "replace"
    APPEND = "append"
    UPSERT = "upsert"
    """Rows with a key that is there replace the former ones; others are added."""


class SourceKind(StrEnum):
    """What was delivered."""

    FILE = "file"
    TABLE = "table"
    REPLAY = "replay"
    """Rows that were set aside from another batch, corrected."""


class AlreadyDelivered(Refused):
    """The very bytes that are being served now came again; nothing has to be done."""

    code = "lake.already-delivered"
    kind = Kind.CONFLICT
    message = (
        "This very file was delivered on %(at)s as batch %(batch)s and is what is being served. "
        "Nothing was changed. Deliver it again only if you mean to."
    )


class CollectionRunning(Refused):
    """Another delivery of the same resource is being collected; two at once could not both be right."""

    code = "lake.collection-running"
    kind = Kind.CONFLICT
    message = "Another delivery of this resource is being collected. Wait until it has finished."


class KeysMissing(Refused):
    """Rows cannot be matched without key items."""

    code = "lake.keys-missing"
    message = (
        "The resource has no key item, so rows cannot be matched. "
        "Replace or append, or mark a key in the catalogue."
    )


class TooManyFaults(Refused):
    """So many rows do not fit that it is not a matter of single rows."""

    code = "lake.too-many-faults"
    message = (
        "More than %(most)s rows do not fit the resource's items; it is probably another file or another layout. "
        "Nothing was changed."
    )


class FaultsNotTolerated(Refused):
    """The resource takes a batch only whole."""

    code = "lake.faults-not-tolerated"
    message = (
        "%(rows)s rows have faults, and this resource takes a batch only whole. "
        "Nothing was changed; correct them."
    )


class NoRowFits(Refused):
    """Every single row was set aside; publishing would empty the resource."""

    code = "lake.no-row-fits"
    message = "Not one of the %(rows)s rows fits the resource's items. Nothing was changed; see the reasons."


class BatchSuperseded(Refused):
    """The rows of the batch are no longer served: a later delivery has replaced them."""

    code = "lake.batch-superseded"
    kind = Kind.CONFLICT
    message = (
        "A later delivery has replaced this batch; correct the rows there, or deliver the whole file again."
    )


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served now, as far as a new delivery must know."""

    batch: str
    digest: str
    at: datetime
    resource_version: int


def refuse_repetition(serving: Serving | None, *, digest: str, resource_version: int) -> None:
    """Refuse a file that is what is served already, unless the catalogue has changed since.

    Raises:
        AlreadyDelivered: it is.
    """
    if serving and digest and (serving.digest, serving.resource_version) == (digest, resource_version):
        raise AlreadyDelivered(at=f"{serving.at:%Y-%m-%d %H:%M}", batch=serving.batch)


def judge(*, accepted: int, set_aside: int, is_all_or_nothing: bool) -> None:
    """Decide whether a batch that was read to its end may be published.

    Raises:
        FaultsNotTolerated: rows were set aside and the resource takes none of such batches.
        NoRowFits: there are rows, and none of them fits.
    """
    if set_aside and is_all_or_nothing:
        raise FaultsNotTolerated(rows=set_aside)
    if set_aside and not accepted:
        raise NoRowFits(rows=set_aside)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCount:
    """How many rows have one kind of fault in one column."""

    column: str
    kind: str
    rows: int


def count_faults(faults: Iterable[Fault]) -> Counter[tuple[str, str]]:
    """Count faults by column and kind."""
    return Counter((fault.column, fault.kind.value) for fault in faults)
