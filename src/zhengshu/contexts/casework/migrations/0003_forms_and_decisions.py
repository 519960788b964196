"""Forms and decision tables are part of a version, and as unchangeable as the rest of it."""

from django.db import migrations, models

FORWARD = """
DROP TRIGGER casework_versions_never_change ON casework_case_type_version;
CREATE TRIGGER casework_versions_never_change
    BEFORE UPDATE OF id, code, edition, digest, definition, flow, texts, forms, decisions, loaded_at
    ON casework_case_type_version FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
"""

BACKWARD = """
DROP TRIGGER casework_versions_never_change ON casework_case_type_version;
CREATE TRIGGER casework_versions_never_change
    BEFORE UPDATE OF id, code, edition, digest, definition, flow, texts, loaded_at ON casework_case_type_version
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_guards")]

    operations = [
        migrations.AddField("casetypeversion", "forms", models.JSONField(default=dict)),
        migrations.AddField("casetypeversion", "decisions", models.JSONField(default=dict)),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
