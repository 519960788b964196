"""The schema of the serving tables and views."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("lake", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SCHEMA IF NOT EXISTS serving", "DROP SCHEMA IF EXISTS serving CASCADE"),
    ]
