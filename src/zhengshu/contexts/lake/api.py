"""The door of `lake`: deliveries become batches, snapshots and serving tables."""

from zhengshu.contexts.lake.application.access import DeliveryNotYours, ResourceRetired
from zhengshu.contexts.lake.application.clean_up import clean_up
from zhengshu.contexts.lake.application.collect_file import collect, collect_batch
from zhengshu.contexts.lake.application.queries import (
    RowsNotYours,
    batch,
    batches,
    may_see_rows,
    serving,
    servings,
    set_aside_rows,
    takes_only_whole_batches,
)
from zhengshu.contexts.lake.application.receive_file import FileTooLarge, keep_upload, receive_file
from zhengshu.contexts.lake.application.records import BatchRecord, ServedColumn, Serving, SetAside
from zhengshu.contexts.lake.domain.batches import (
    AlreadyDelivered,
    BatchState,
    BatchSuperseded,
    CollectionRunning,
    DeliveryMode,
    FaultCount,
    FaultsNotTolerated,
    KeysMissing,
    NoRowFits,
    SourceKind,
    TooManyFaults,
)
from zhengshu.contexts.lake.domain.faults import Fault, FaultKind
from zhengshu.contexts.lake.models import BatchNotFound

ServingTable = Serving
"""What is served of a resource: schema, view, keys, columns, rows, batch and snapshot."""

__all__ = [
    "AlreadyDelivered",
    "BatchNotFound",
    "BatchRecord",
    "BatchState",
    "BatchSuperseded",
    "CollectionRunning",
    "DeliveryMode",
    "DeliveryNotYours",
    "Fault",
    "FaultCount",
    "FaultKind",
    "FaultsNotTolerated",
    "FileTooLarge",
    "KeysMissing",
    "NoRowFits",
    "ResourceRetired",
    "RowsNotYours",
    "ServedColumn",
    "Serving",
    "ServingTable",
    "SetAside",
    "SourceKind",
    "TooManyFaults",
    "batch",
    "batches",
    "clean_up",
    "collect",
    "collect_batch",
    "keep_upload",
    "may_see_rows",
    "receive_file",
    "serving",
    "servings",
    "set_aside_rows",
    "takes_only_whole_batches",
]
