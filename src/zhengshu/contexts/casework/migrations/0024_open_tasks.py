"""The open to-dos of a case are found without a look at those that are done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0023_migration_runs")]

    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(condition=models.Q(("state", "open")), fields=["case"], name="casework_task_open"),
        )
    ]
