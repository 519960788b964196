"""Answers of forms are encrypted: they may name persons. What is there is encrypted here."""

import json
from operator import attrgetter
from uuid import UUID

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from zhengshu.foundation.crypto.data_keys import Scope
from zhengshu.foundation.vault.keys import active_key

GRADE = 4
BATCH = 500


def encrypt(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    draft, answers = apps.get_model("casework", "FormDraft"), apps.get_model("casework", "FormAnswers")
    _encrypt(draft, ("answers", "supplied"), department="")
    _encrypt(answers, ("answers", "values", "supplied"), department="case.department_id")


def _encrypt(model: type[models.Model], names: tuple[str, ...], *, department: str) -> None:
    after = UUID(int=0)
    manager = model._base_manager
    while rows := list(manager.filter(pk__gt=after).order_by("pk")[:BATCH]):
        for row in rows:
            key = active_key(Scope(attrgetter(department)(row) if department else None, GRADE))
            for name in names:
                if value := getattr(row, name):
                    place = f"{model._meta.db_table}.sealed_{name}:".encode() + row.pk.bytes
                    plain = json.dumps(value, ensure_ascii=False).encode()
                    setattr(row, f"sealed_{name}", key.encrypt(plain, place=place))
        manager.bulk_update(rows, [f"sealed_{name}" for name in names])
        after = rows[-1].pk


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
        migrations.RunPython(encrypt, elidable=True),
        *(
            migrations.RemoveField(model, name)
            for model, names in (
                ("formdraft", ("answers", "supplied")),
                ("formanswers", ("answers", "values", "supplied")),
            )
            for name in names
        ),
    ]
