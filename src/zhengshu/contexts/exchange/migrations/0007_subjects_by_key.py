"""Counts by key are found by the key alone: a second index cost each run and misled the server's plans."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_data_keys")]

    operations = [migrations.RemoveIndex(model_name="subjectday", name="subject_day_by_group")]
