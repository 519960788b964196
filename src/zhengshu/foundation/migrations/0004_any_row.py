"""Columns of tables whose rows are numbered are encrypted anew, too: how far the job is, is kept as text."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0003_vault")]

    operations = [
        migrations.AlterField(
            model_name="reencryption", name="after", field=models.CharField(max_length=40, null=True)
        )
    ]
