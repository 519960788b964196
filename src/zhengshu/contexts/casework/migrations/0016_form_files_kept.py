"""Files of forms move out of their table into the store of files."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from zhengshu.foundation.files.keeping import keep_judged, open_kept


def keep_contents(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Keep each content once; the digest by which rows know it is its name in the store."""
    for content in _rows(apps, schema_editor).values_list("content", flat=True).iterator(chunk_size=1):
        keep_judged(bytes(content))


def restore_contents(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the contents back into their rows."""
    rows = _rows(apps, schema_editor)
    for key, digest in rows.values_list("pk", "digest"):
        with open_kept(digest) as file:
            rows.filter(pk=key).update(content=file.read())


def _rows(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> "models.QuerySet[models.Model]":
    return apps.get_model("casework", "FormFile").objects.using(schema_editor.connection.alias).order_by("pk")


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0015_documents'),
    ]

    operations = [
        migrations.AlterField(
            model_name='formfile',
            name='content',
            field=models.BinaryField(default=b""),
        ),
        migrations.RunPython(keep_contents, restore_contents),
        migrations.RemoveField(
            model_name='formfile',
            name='content',
        ),
        migrations.AddIndex(
            model_name='formfile',
            index=models.Index(fields=['digest'], name='casework_form_file_digest'),
        ),
    ]
