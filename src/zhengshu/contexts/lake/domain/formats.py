"""What kind of file it is, by its first bytes: names lie."""

from enum import StrEnum

from zhengshu.kernel.errors import Refused

SNIFFED_BYTES = 4096


class FileFormat(StrEnum):
    """The kinds of files that can be collected."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON_LINES = "jsonl"
    PARQUET = "parquet"


class FormatUnknown(Refused):
    """The file is of a kind that cannot be collected; save it as one that can."""

    code = "lake.format-unknown"
    message = (
        "This is no table that can be read (it looks like %(found)s). "
        "Save it as CSV, XLSX, JSON lines or Parquet."
    )


class FileEmpty(Refused):
    """The file holds no bytes or no rows at all."""

    code = "lake.file-empty"
    message = "The file is empty. Check that the export has finished and send it again."


_STRANGERS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"SQLite format 3", "SQLite"),
    (b"{\\rtf", "RTF"),
)


def format_of(head: bytes, *, zip_names: tuple[str, ...] = ()) -> FileFormat:
    """Return the format of a file.

    Args:
        head: its first bytes, up to `SNIFFED_BYTES`.
        zip_names: the names inside, where it is a ZIP archive.

    Raises:
        FileEmpty: there are no bytes.
        FormatUnknown: it is something else, or an archive without a spreadsheet.
    """
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise FileEmpty
    if head.startswith(b"PAR1"):
        return FileFormat.PARQUET
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if any(name.startswith("xl/") for name in zip_names):
            return FileFormat.XLSX
        raise FormatUnknown(found="ZIP")
    for magic, found in _STRANGERS:
        if head.startswith(magic):
            raise FormatUnknown(found=found)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return FileFormat.JSON_LINES
    return FileFormat.CSV


EXTENSIONS = {
    FileFormat.CSV: (".csv", ".txt", ".tsv", ".tab", ".dat"),
    FileFormat.XLSX: (".xlsx", ".xlsm", ".xltx"),
    FileFormat.JSON_LINES: (".jsonl", ".ndjson", ".json"),
    FileFormat.PARQUET: (".parquet", ".pq"),
}


def has_fitting_name(name: str, *, file_format: FileFormat) -> bool:
    """Whether the file's extension says what its content is."""
    return name.lower().endswith(EXTENSIONS[file_format])
