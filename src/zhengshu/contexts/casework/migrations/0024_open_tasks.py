"""The open to-dos of a case are found without a look at those that are done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0023_migration_runs")]

    operations = [
        migrations.AddIndex("task", models.Index(fields=["case", "state"], name="casework_task_of_case")),
        migrations.RemoveIndex("task", "casework_task_case"),
    ]
