"""Systems whose calls name the official who asks, and systems that hand in what monitors found."""

from django.db import migrations, models

_KEYS = """
CREATE OR REPLACE VIEW gateway.keys AS
    SELECT k.key_id::text, k.system_id, s.department_id, k.algorithm::text, k.sealed_secret, k.public_key,
           k.active_from, least(k.active_to, k.revoked_at) AS active_to{more}
    FROM trust_system_key k
    JOIN trust_consuming_system s ON s.id = k.system_id AND s.is_active
    JOIN trust_department d ON d.id = s.department_id AND d.is_active;
"""
FORWARD = _KEYS.format(more=", s.official_rule = 'required' AS needs_official, s.may_report")
BACKWARD = (
    "DROP VIEW gateway.keys;" + _KEYS.format(more="") + "-- functions find the view by its name, at their next call"
)


class Migration(migrations.Migration):
    dependencies = [("trust", "0017_scopes")]

    operations = [
        migrations.AddField(
            model_name="consumingsystem",
            name="official_rule",
            field=models.CharField(
                max_length=10,
                choices=[("optional", "optional"), ("reported", "reported"), ("required", "required")],
                default="optional",
                db_default="optional",
            ),
        ),
        migrations.AddField(
            model_name="consumingsystem", name="may_report", field=models.BooleanField(default=False, db_default=False)
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
