"""What the database itself guards: a published version never changes; and how wide rows of the catalogue are kept."""

from django.db import migrations

VERSIONS = """
CREATE FUNCTION catalog_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - 'state' <> to_jsonb(NEW) - 'state'
       OR NEW.state NOT IN ('published', 'superseded', 'retired') THEN
        RAISE EXCEPTION 'a published version never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'catalog_published_is_fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_guard_version BEFORE UPDATE OR DELETE ON catalog_resource_version
    FOR EACH ROW WHEN (OLD.state IN ('published', 'superseded', 'retired'))
    EXECUTE FUNCTION catalog_guard_version();

CREATE FUNCTION catalog_guard_items() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid := CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END;
BEGIN
    IF EXISTS (
        SELECT FROM catalog_resource_version
        WHERE id IN (touched, CASE WHEN TG_OP = 'UPDATE' THEN NEW.version_id END)
          AND state IN ('published', 'superseded', 'retired')
    ) THEN
        RAISE EXCEPTION 'the items of a published version never change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'catalog_published_is_fixed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER catalog_guard_items BEFORE INSERT OR UPDATE OR DELETE ON catalog_resource_item
    FOR EACH ROW EXECUTE FUNCTION catalog_guard_items();
"""

NO_VERSIONS = """
DROP TRIGGER catalog_guard_items ON catalog_resource_item;
DROP FUNCTION catalog_guard_items();
DROP TRIGGER catalog_guard_version ON catalog_resource_version;
DROP FUNCTION catalog_guard_version();
"""

NARROW = """
ALTER TABLE catalog_resource ALTER COLUMN all_words SET STORAGE EXTERNAL;
ALTER TABLE catalog_resource SET (toast_tuple_target = 256);
"""

WIDE = """
ALTER TABLE catalog_resource ALTER COLUMN all_words SET STORAGE EXTENDED;
ALTER TABLE catalog_resource RESET (toast_tuple_target);
"""


class Migration(migrations.Migration):
    """Triggers, and words kept beside the rows so that counting reads few pages."""

    dependencies = [("catalog", "0001_initial")]

    operations = [
        migrations.RunSQL(VERSIONS, NO_VERSIONS),
        migrations.RunSQL(NARROW, WIDE),
    ]
