"""What the database itself guards: timelines and versions of case types are never changed."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION casework_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER casework_timeline_is_append_only BEFORE UPDATE OR DELETE ON casework_timeline_entry
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();

CREATE TRIGGER casework_versions_never_change
    BEFORE UPDATE OF id, code, edition, digest, definition, flow, texts, loaded_at ON casework_case_type_version
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
CREATE TRIGGER casework_versions_stay BEFORE DELETE ON casework_case_type_version
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
"""

BACKWARD = """
DROP TRIGGER casework_versions_stay ON casework_case_type_version;
DROP TRIGGER casework_versions_never_change ON casework_case_type_version;
DROP TRIGGER casework_timeline_is_append_only ON casework_timeline_entry;
DROP FUNCTION casework_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
