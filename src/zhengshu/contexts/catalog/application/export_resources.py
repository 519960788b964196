"""Export entries in the official spreadsheet layout, and as DCAT."""

import csv
import io
import json
from collections.abc import Iterator, Mapping

from django.db.models.functions import Coalesce

from zhengshu.contexts.catalog.application.queries import records_of, with_items
from zhengshu.contexts.catalog.application.records import ItemRecord, ResourceRecord
from zhengshu.contexts.catalog.application.search_resources import filtered
from zhengshu.contexts.catalog.domain.layout import HEADERS, ITEM_HEADERS, RESOURCE_HEADERS, word
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId

MOST_EXPORTED = 5000
_AT_ONCE = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def exported(*, query: ListQuery, actor: Actor) -> Iterator[ResourceRecord]:
    """Yield the resources that a list shows, all pages of it, up to `MOST_EXPORTED`."""
    found = filtered(query=query, actor=actor).annotate(shown=Coalesce("published_id", "opened_id"))
    wanted = list(found.values_list("shown", flat=True)[:MOST_EXPORTED])
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        by_id = {row.id: row for row in with_items().filter(id__in=part)}
        yield from records_of([by_id[one] for one in part if one in by_id])


def to_rows(*, query: ListQuery, actor: Actor) -> Iterator[tuple[str, ...]]:
    """Yield the header line and one row an item, in the official layout."""
    yield HEADERS
    codes: Mapping[DepartmentId, str] = {key: one.code for key, one in trust.departments().items()}
    for record in exported(query=query, actor=actor):
        resource = _of_resource(record, department_code=codes.get(record.department_id, ""))
        for item in record.items:
            yield (*resource, *_of_item(item))


def to_csv(*, query: ListQuery, actor: Actor) -> bytes:
    """Return the layout as CSV in UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO()
    csv.writer(out).writerows([_harmless(cell) for cell in row] for row in to_rows(query=query, actor=actor))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def to_xlsx(*, query: ListQuery, actor: Actor) -> bytes:
    """Return the layout as a workbook, every cell a text."""
    return workbook(to_rows(query=query, actor=actor))


def workbook(rows: Iterator[tuple[str, ...]]) -> bytes:
    """Return rows as a workbook with a fixed, bold first line."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "政务数据目录"
    for number, row in enumerate(rows, start=1):
        sheet.append(list(row))
        for cell in sheet[number]:
            cell.data_type = "s"
            if number == 1:
                cell.font = Font(bold=True)
                cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.freeze_panes = "C2"
    for column, header in enumerate(HEADERS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = max(10, len(header) * 2.2)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def to_dcat(*, query: ListQuery, actor: Actor, base_url: str) -> str:
    """Return the entries as a DCAT 3 catalogue in JSON-LD."""
    datasets = [_dataset(record, base_url) for record in exported(query=query, actor=actor)]
    document = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
        },
        "@id": f"{base_url}/catalog/",
        "@type": "dcat:Catalog",
        "dcat:dataset": datasets,
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _dataset(record: ResourceRecord, base_url: str) -> dict[str, object]:
    return {
        "@id": f"{base_url}/catalog/{record.code}/",
        "@type": "dcat:Dataset",
        "dct:identifier": record.official_code,
        "dct:title": {"@language": "zh", "@value": record.name},
        "dct:description": {"@language": "zh", "@value": record.summary},
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": record.department_name},
        "dct:accrualPeriodicity": word(record.update_cycle),
        "dct:accessRights": word(record.sharing_class),
        "dct:issued": record.published_at.isoformat() if record.published_at else None,
        "dcat:theme": record.classification_name,
        "dcat:keyword": [*record.keywords, *(item.name for item in record.items)],
        "dcat:version": str(record.version),
    }


def _of_resource(record: ResourceRecord, *, department_code: str) -> tuple[str, ...]:
    texts = {
        "code": record.official_code,
        "department_code": department_code,
        "format_category": word(record.format_category),
        "update_cycle": word(record.update_cycle),
        "sharing_class": word(record.sharing_class),
        "sharing_methods": "、".join(word(method) for method in record.sharing_methods),
        "opening_class": word(record.opening_class),
        "resource_grade": word(record.grade),
        "keywords": "、".join(record.keywords),
        "related_codes": "、".join(record.related_codes),
        "published_on": f"{record.published_at:%Y-%m-%d}" if record.published_at else "",
    }
    return tuple(
        texts[name] if name in texts else getattr(record, name) for name in RESOURCE_HEADERS.values()
    )


def _of_item(item: ItemRecord) -> tuple[str, ...]:
    texts = {
        "data_type": word(item.data_type),
        "length": str(item.length or ""),
        "grade": word(item.grade),
        "personal": word(item.personal),
        "is_key": "是" if item.is_key else "否",
        "is_required": "是" if item.is_required else "否",
    }
    return tuple(texts[name] if name in texts else getattr(item, name) for name in ITEM_HEADERS.values())


def _harmless(text: str) -> str:
    """Keep a spreadsheet from reading a text as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
