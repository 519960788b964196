"""The door by which gateways read wrapped data keys."""

from django.db import migrations

FORWARD = """
CREATE VIEW gateway.data_keys AS
    SELECT id, department_id, grade, version, wrapped FROM foundation_data_key;
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_watching"), ("foundation", "0003_vault")]

    operations = [migrations.RunSQL(FORWARD, "DROP VIEW gateway.data_keys")]
