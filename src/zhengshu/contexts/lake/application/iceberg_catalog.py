"""The catalogue of Iceberg tables on the connection of the use case.

PyIceberg's own SQL catalogue commits on a connection of its own. Here the pointer to a table's metadata moves in the
same PostgreSQL transaction as the serving view and the batch: they change together or not at all, whenever a
process dies. The table has the layout of the JDBC catalogue, so other engines read it.
"""

from pyiceberg.catalog import Catalog
from pyiceberg.catalog.noop import NoopCatalog
from pyiceberg.exceptions import CommitFailedException, NoSuchTableError
from pyiceberg.io import load_file_io
from pyiceberg.partitioning import UNPARTITIONED_PARTITION_SPEC, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.serializers import FromInputFile, ToOutputFile
from pyiceberg.table import CommitTableResponse, Table
from pyiceberg.table.locations import load_location_provider
from pyiceberg.table.metadata import TableMetadata, new_table_metadata
from pyiceberg.table.sorting import UNSORTED_SORT_ORDER, SortOrder
from pyiceberg.table.update import TableRequirement, TableUpdate, update_table_metadata
from pyiceberg.typedef import EMPTY_DICT, Identifier, Properties

from zhengshu.contexts.lake.models import IcebergTable

NAME = "zhengshu"


class TransactionalCatalog(NoopCatalog):
    """Creates, loads and commits tables in the open transaction; whatever else a catalogue may do is not ours."""

    def __init__(self, *, location: str) -> None:
        """Keep where tables lie."""
        super().__init__(NAME, warehouse=location)
        self._location = location.rstrip("/")

    def create_table(
        self,
        identifier: str | Identifier,
        schema: Schema | object,
        location: str | None = None,
        partition_spec: PartitionSpec = UNPARTITIONED_PARTITION_SPEC,
        sort_order: SortOrder = UNSORTED_SORT_ORDER,
        properties: Properties = EMPTY_DICT,
    ) -> Table:
        """Create an empty table."""
        if not isinstance(schema, Schema):
            message = "give the schema as Iceberg knows it"
            raise TypeError(message)
        namespace, name = _parts(identifier)
        metadata = new_table_metadata(
            location=location or f"{self._location}/{namespace}/{name}",
            schema=schema,
            partition_spec=partition_spec,
            sort_order=sort_order,
            properties=properties,
        )
        place = self._write(metadata, version=0)
        IcebergTable.objects.create(
            catalog_name=self.name, table_namespace=namespace, table_name=name, metadata_location=place
        )
        return self.load_table(identifier)

    def load_table(self, identifier: str | Identifier) -> Table:
        """Return a table as the open transaction sees it."""
        namespace, name = _parts(identifier)
        row = IcebergTable.objects.filter(
            catalog_name=self.name, table_namespace=namespace, table_name=name
        ).first()
        if row is None:
            message = f"there is no table {namespace}.{name}"
            raise NoSuchTableError(message)
        io = load_file_io(self.properties, row.metadata_location)
        metadata = FromInputFile.table_metadata(io.new_input(row.metadata_location))
        return Table((namespace, name), metadata, row.metadata_location, io, self)

    def table_exists(self, identifier: str | Identifier) -> bool:
        """Whether there is such a table."""
        namespace, name = _parts(identifier)
        return IcebergTable.objects.filter(
            catalog_name=self.name, table_namespace=namespace, table_name=name
        ).exists()

    def commit_table(
        self, table: Table, requirements: tuple[TableRequirement, ...], updates: tuple[TableUpdate, ...]
    ) -> CommitTableResponse:
        """Write the new metadata and move the pointer, in the open transaction."""
        namespace, name = _parts(table.name())
        current = self.load_table(table.name())
        for requirement in requirements:
            requirement.validate(current.metadata)
        metadata = update_table_metadata(
            current.metadata, updates, metadata_location=current.metadata_location
        )
        place = self._write(metadata, version=len(metadata.metadata_log))
        moved = IcebergTable.objects.filter(
            catalog_name=self.name,
            table_namespace=namespace,
            table_name=name,
            metadata_location=current.metadata_location,
        ).update(metadata_location=place, previous_metadata_location=current.metadata_location)
        if not moved:
            message = f"{namespace}.{name} was changed by another process"
            raise CommitFailedException(message)
        return CommitTableResponse(metadata=metadata, metadata_location=place)  # type: ignore[call-arg]  # its alias has a hyphen

    def _write(self, metadata: TableMetadata, *, version: int) -> str:
        provider = load_location_provider(metadata.location, metadata.properties)
        place = provider.new_table_metadata_file_location(version)
        io = load_file_io(self.properties, place)
        ToOutputFile.table_metadata(metadata, io.new_output(place))
        return place


def _parts(identifier: str | Identifier) -> tuple[str, str]:
    parts = Catalog.identifier_to_tuple(identifier)
    return ".".join(parts[:-1]), parts[-1]
