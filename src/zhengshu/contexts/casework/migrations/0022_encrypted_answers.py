"""Answers of forms are encrypted: they may name persons. What is there is encrypted here."""

import json
from collections.abc import Iterator
from operator import attrgetter
from uuid import UUID

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from zhengshu.foundation.crypto.data_keys import Scope
from zhengshu.foundation.vault.keys import active_key, key_of

GRADE = 4
BATCH = 500


def encrypt(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for model, names, department in _tables(apps):
        for rows in _batches(model):
            for row in rows:
                key = active_key(Scope(attrgetter(department)(row) if department else None, GRADE))
                for name in names:
                    if value := getattr(row, name):
                        plain = json.dumps(value, ensure_ascii=False).encode()
                        setattr(row, f"sealed_{name}", key.encrypt(plain, place=_place(row, name)))
            model._base_manager.bulk_update(rows, [f"sealed_{name}" for name in names])


def decrypt(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for model, names, _department in _tables(apps):
        for rows in _batches(model):
            for row in rows:
                for name in names:
                    if stored := getattr(row, f"sealed_{name}"):
                        plain = key_of(bytes(stored)).decrypt(bytes(stored), place=_place(row, name))
                        setattr(row, name, json.loads(plain))
            model._base_manager.bulk_update(rows, names)


def _tables(apps: Apps) -> Iterator[tuple[type[models.Model], tuple[str, ...], str]]:
    yield apps.get_model("casework", "FormDraft"), ("answers", "supplied"), ""
    yield apps.get_model("casework", "FormAnswers"), ("answers", "values", "supplied"), "case.department_id"


def _batches(model: type[models.Model]) -> Iterator[list[models.Model]]:
    after = UUID(int=0)
    while rows := list(model._base_manager.filter(pk__gt=after).order_by("pk")[:BATCH]):
        yield rows
        after = rows[-1].pk


def _place(row: models.Model, name: str) -> bytes:
    key: UUID = row.pk
    return f"{row._meta.db_table}.sealed_{name}:".encode() + key.bytes


class Migration(migrations.Migration):
    dependencies = [("casework", "0021_confirmed_addresses"), ("foundation", "0003_vault")]

    operations = [
        *(
            migrations.AddField(model, f"sealed_{name}", models.BinaryField(null=True))
            for model, names in (
                ("formdraft", ("answers", "supplied")),
                ("formanswers", ("answers", "values", "supplied")),
            )
            for name in names
        ),
        migrations.RunPython(encrypt, decrypt, elidable=True),
        *(
            migrations.RemoveField(model, name)
            for model, names in (
                ("formdraft", ("answers", "supplied")),
                ("formanswers", ("answers", "values", "supplied")),
            )
            for name in names
        ),
    ]
