"""What the database itself guards: a published version never changes, but for the day on which it ends."""

from django.db import migrations

VERSIONS = """
CREATE FUNCTION services_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - 'effective_to' <> to_jsonb(NEW) - 'effective_to' THEN
        RAISE EXCEPTION 'a published version never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'services_published_is_fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER services_guard_version BEFORE UPDATE OR DELETE ON services_item_version
    FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION services_guard_version();

CREATE FUNCTION services_guard_material() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid := CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END;
BEGIN
    IF EXISTS (
        SELECT FROM services_item_version
        WHERE id IN (touched, CASE WHEN TG_OP = 'UPDATE' THEN NEW.version_id END) AND state = 'published'
    ) THEN
        RAISE EXCEPTION 'the materials of a published version never change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'services_published_is_fixed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER services_guard_material BEFORE INSERT OR UPDATE OR DELETE ON services_material
    FOR EACH ROW EXECUTE FUNCTION services_guard_material();
"""

NO_VERSIONS = """
DROP TRIGGER services_guard_material ON services_material;
DROP FUNCTION services_guard_material();
DROP TRIGGER services_guard_version ON services_item_version;
DROP FUNCTION services_guard_version();
"""


class Migration(migrations.Migration):
    """Triggers on versions and materials."""

    dependencies = [("services", "0001_items")]

    operations = [migrations.RunSQL(VERSIONS, NO_VERSIONS)]
