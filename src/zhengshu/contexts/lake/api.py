"""The door of `lake`: deliveries become batches, snapshots and serving tables."""

from zhengshu.contexts.lake.application.access import DeliveryNotYours, ResourceRetired
from zhengshu.contexts.lake.application.change_rule import change_rule
from zhengshu.contexts.lake.application.clean_up import clean_up
from zhengshu.contexts.lake.application.collect_file import collect, collect_batch
from zhengshu.contexts.lake.application.collect_table import (
    AddressUnknown,
    DatabaseUnreachable,
    TableUnknown,
    collect_table,
)
from zhengshu.contexts.lake.application.correct_table import (
    CorrectionNotReadable,
    correct_table,
)
from zhengshu.contexts.lake.application.export_set_aside import export_set_aside, sentence_of
from zhengshu.contexts.lake.application.gates import Candidate, gate
from zhengshu.contexts.lake.application.previewing import (
    Preview,
    SnapshotRecord,
    history,
    mask_of,
    may_preview,
    preview,
)
from zhengshu.contexts.lake.application.profile_file import FileProfile, profile
from zhengshu.contexts.lake.application.queries import (
    RowNotFound,
    RowsNotYours,
    batch,
    batches,
    may_see_rows,
    served_resources,
    serving,
    servings,
    set_aside_row,
    set_aside_rows,
    takes_only_whole_batches,
    waiting_batch,
)
from zhengshu.contexts.lake.application.read_rows import FileRows, RowPiece, is_parquet, open_rows
from zhengshu.contexts.lake.application.receive_file import (
    FileTooLarge,
    inbox,
    keep_upload,
    receive_file,
    refuse_too_large,
)
from zhengshu.contexts.lake.application.records import BatchRecord, ServedColumn, Serving, SetAside
from zhengshu.contexts.lake.application.replay_rows import (
    LinesMissing,
    NothingToReplay,
    Replayed,
    replay_file,
    replay_rows,
)
from zhengshu.contexts.lake.application.retry_batch import NotToBeRepeated, retry_batch
from zhengshu.contexts.lake.application.table_files import (
    SnapshotGone,
    TableFile,
    TableFiles,
    first_values,
    folder_beside,
    table_files,
)
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
from zhengshu.contexts.lake.domain.safety import neutral, original
from zhengshu.contexts.lake.models import BatchNotFound

ServingTable = Serving
"""What is served of a resource: schema, view, keys, columns, rows, batch and snapshot."""

__all__ = [
    "AddressUnknown",
    "AlreadyDelivered",
    "BatchNotFound",
    "BatchRecord",
    "BatchState",
    "BatchSuperseded",
    "Candidate",
    "CollectionRunning",
    "CorrectionNotReadable",
    "DatabaseUnreachable",
    "DeliveryMode",
    "DeliveryNotYours",
    "Fault",
    "FaultCount",
    "FaultKind",
    "FaultsNotTolerated",
    "FileProfile",
    "FileRows",
    "FileTooLarge",
    "KeysMissing",
    "LinesMissing",
    "NoRowFits",
    "NotToBeRepeated",
    "NothingToReplay",
    "Preview",
    "Replayed",
    "ResourceRetired",
    "RowNotFound",
    "RowPiece",
    "RowsNotYours",
    "ServedColumn",
    "Serving",
    "ServingTable",
    "SetAside",
    "SnapshotGone",
    "SnapshotRecord",
    "SourceKind",
    "TableFile",
    "TableFiles",
    "TableUnknown",
    "TooManyFaults",
    "batch",
    "batches",
    "change_rule",
    "clean_up",
    "collect",
    "collect_batch",
    "collect_table",
    "correct_table",
    "export_set_aside",
    "first_values",
    "folder_beside",
    "gate",
    "history",
    "inbox",
    "is_parquet",
    "keep_upload",
    "mask_of",
    "may_preview",
    "may_see_rows",
    "neutral",
    "open_rows",
    "original",
    "preview",
    "profile",
    "receive_file",
    "refuse_too_large",
    "replay_file",
    "replay_rows",
    "retry_batch",
    "sentence_of",
    "served_resources",
    "serving",
    "servings",
    "set_aside_row",
    "set_aside_rows",
    "table_files",
    "takes_only_whole_batches",
    "waiting_batch",
]
