"""Deliveries, the rows set aside from them, what is served, and the Iceberg tables behind."""

from typing import Self

from django.db import models
from django.db.models import Q

from zhengshu.contexts.lake.domain.batches import BatchState, DeliveryMode, SourceKind
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import new_id

WHOLE_VIEW = frozenset({Role.REVIEWER})
"""Who sees the batches of all departments (their counts, not their rows)."""

OWN_VIEW = frozenset({Role.DATA_OFFICER, Role.DEPARTMENT_HEAD})
"""Who sees the batches of the own department, rows included."""

COUNTS_VIEW = OWN_VIEW | {Role.LEADER, Role.OPERATOR, Role.APPROVER}
"""Who sees the batches of the own department, some of them without rows."""


class BatchNotFound(Refused):
    """There is no such batch, or the actor may not see it."""

    code = "lake.batch-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such batch, or it belongs to another department."


class BatchQuerySet(models.QuerySet["Batch"]):
    """Batches, as far as somebody may see them."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the batches of the own department; reviewers of the data authority see all."""
        if actor.is_platform or not actor.roles.isdisjoint(WHOLE_VIEW):
            return self
        if actor.department_id is None or actor.roles.isdisjoint(COUNTS_VIEW):
            return self.none()
        return self.filter(department_id=actor.department_id)

    def with_rows_for(self, actor: Actor) -> Self:
        """Keep the batches whose rows the actor may see: those of the own department only."""
        if actor.is_platform:
            return self
        if actor.department_id is None or actor.roles.isdisjoint(OWN_VIEW):
            return self.none()
        return self.filter(department_id=actor.department_id)

    def searched(self, text: str) -> Self:
        """Keep batches whose file, resource name or code contains a text."""
        return self.filter(
            Q(file_name__icontains=text) | Q(resource_name__icontains=text) | Q(resource_code__icontains=text)
        )


class Batch(models.Model):
    """One delivery of rows of one resource."""

    id = models.UUIDField(primary_key=True, default=new_id)
    resource_id = models.UUIDField()
    resource_code = models.CharField(max_length=100)
    resource_name = models.CharField(max_length=200)
    resource_version = models.PositiveIntegerField()
    department_id = models.UUIDField()
    source_kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in SourceKind])
    file_name = models.CharField(max_length=200)
    staged_as = models.CharField(max_length=200, blank=True)
    mode = models.CharField(max_length=10, choices=[(mode, mode) for mode in DeliveryMode])
    is_repetition_meant = models.BooleanField(default=False)
    replay_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replays")
    state = models.CharField(max_length=12, choices=[(state, state) for state in BatchState])
    size = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    about = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    rows = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    set_aside = models.BigIntegerField(default=0)
    blank = models.BigIntegerField(default=0)
    served = models.BigIntegerField(default=0)
    faults = models.JSONField(default=list)
    snapshot_id = models.BigIntegerField(null=True)
    refusal_code = models.CharField(max_length=100, blank=True)
    refusal_message = models.TextField(blank=True)
    refusal_data = models.JSONField(default=dict)
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        db_table = "lake_batch"
        constraints = [
            models.CheckConstraint(
                name="lake_batch_published_has_snapshot",
                condition=~Q(state=BatchState.PUBLISHED)
                | Q(snapshot_id__isnull=False, finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="lake_batch_counts",
                condition=~Q(state=BatchState.PUBLISHED)
                | Q(rows=models.F("accepted") + models.F("set_aside")),
            ),
        ]
        indexes = [
            models.Index(fields=["resource_id", "-received_at"], name="lake_batch_resource"),
            models.Index(fields=["department_id", "-received_at"], name="lake_batch_department"),
            models.Index(fields=["state"], name="lake_batch_state"),
        ]


class SetAsideRow(models.Model):
    """A row that does not fit, with its reasons, until it is corrected."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="set_aside_rows")
    line = models.BigIntegerField()
    values = models.JSONField()
    faults = models.JSONField()
    replayed_in = models.ForeignKey(Batch, on_delete=models.SET_NULL, null=True, related_name="replayed_rows")

    class Meta:
        db_table = "lake_set_aside_row"
        indexes = [models.Index(fields=["batch", "line"], name="lake_set_aside_line")]


class ServingTable(models.Model):
    """What is served of a resource now; one row a resource, changed in the transaction of the swap."""

    resource_id = models.UUIDField(primary_key=True)
    view = models.CharField(max_length=63, unique=True)
    table = models.CharField(max_length=63)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    replaced_by = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    snapshot_id = models.BigIntegerField()
    columns = models.JSONField()
    key_columns = models.JSONField()
    rows = models.BigIntegerField()
    published_at = models.DateTimeField()

    class Meta:
        db_table = "lake_serving_table"


class DeliveryRule(models.Model):
    """What a resource demands of its deliveries; absent means the default: set faulty rows aside."""

    resource_id = models.UUIDField(primary_key=True)
    is_all_or_nothing = models.BooleanField(default=False)

    class Meta:
        db_table = "lake_delivery_rule"


class TableCursor(models.Model):
    """How far a database table has been collected; advances in the transaction that publishes the rows."""

    id = models.BigAutoField(primary_key=True)
    resource_id = models.UUIDField()
    source = models.CharField(max_length=300)
    cursor_column = models.CharField(max_length=63)
    value = models.TextField()
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "lake_table_cursor"
        constraints = [
            models.UniqueConstraint(
                fields=["resource_id", "source", "cursor_column"], name="lake_cursor_once"
            )
        ]


class IcebergTable(models.Model):
    """Where the current metadata of an Iceberg table lies.

    The columns are those of the JDBC catalogue that Spark, Trino, Flink and PyIceberg read.
    """

    id = models.BigAutoField(primary_key=True)
    catalog_name = models.CharField(max_length=255)
    table_namespace = models.CharField(max_length=255)
    table_name = models.CharField(max_length=255)
    metadata_location = models.CharField(max_length=1000)
    previous_metadata_location = models.CharField(max_length=1000, null=True)  # noqa: DJ001 - the layout is the JDBC catalogue's
    iceberg_type = models.CharField(max_length=5, default="TABLE")

    class Meta:
        db_table = "iceberg_tables"
        constraints = [
            models.UniqueConstraint(
                fields=["catalog_name", "table_namespace", "table_name"], name="iceberg_tables_once"
            )
        ]
