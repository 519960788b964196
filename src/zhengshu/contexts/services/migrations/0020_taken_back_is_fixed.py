"""A version that was taken back stays as it was approved, with its materials; only why it was taken back is added."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION services_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- The day is that of the database; the use case asks for that of the place.
    free text[] := CASE
        WHEN OLD.state = 'taken_back' THEN ARRAY[]::text[]
        WHEN TG_OP = 'UPDATE' AND NEW.state = 'taken_back' AND OLD.effective_from >= current_date
        THEN ARRAY['effective_to', 'state', 'returned_reason']
        ELSE ARRAY['effective_to']
    END;
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
        RAISE EXCEPTION 'a published version never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'services_published_is_fixed';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER services_guard_version ON services_item_version;
CREATE TRIGGER services_guard_version BEFORE UPDATE OR DELETE ON services_item_version
    FOR EACH ROW WHEN (OLD.state IN ('published', 'taken_back')) EXECUTE FUNCTION services_guard_version();

CREATE OR REPLACE FUNCTION services_guard_material() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid := CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END;
BEGIN
    IF EXISTS (
        SELECT FROM services_item_version
        WHERE id IN (touched, CASE WHEN TG_OP = 'UPDATE' THEN NEW.version_id END)
            AND state IN ('published', 'taken_back')
    ) THEN
        RAISE EXCEPTION 'the materials of a published version never change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'services_published_is_fixed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION services_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := CASE
        WHEN TG_OP = 'UPDATE' AND NEW.state = 'taken_back' AND OLD.effective_from >= current_date
        THEN ARRAY['effective_to', 'state', 'returned_reason', 'changed_by', 'changed_at']
        ELSE ARRAY['effective_to']
    END;
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
        RAISE EXCEPTION 'a published version never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'services_published_is_fixed';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER services_guard_version ON services_item_version;
CREATE TRIGGER services_guard_version BEFORE UPDATE OR DELETE ON services_item_version
    FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION services_guard_version();

CREATE OR REPLACE FUNCTION services_guard_material() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    """The triggers on versions and materials guard what was taken back too."""

    dependencies = [("services", "0019_count_in_rows")]

    operations = [migrations.RunSQL(GUARD, BEFORE)]
