"""An approved version may be taken back while its first day has not come; nothing else of it changes even then."""

from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION services_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- The day is that of the database; the use case asks for that of the place.
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
"""
BEFORE = """
CREATE OR REPLACE FUNCTION services_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - 'effective_to' <> to_jsonb(NEW) - 'effective_to' THEN
        RAISE EXCEPTION 'a published version never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'services_published_is_fixed';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """One more state, and the trigger that lets it be reached."""

    dependencies = [("services", "0016_ticket_english")]

    operations = [
        migrations.AlterField(
            model_name="itemversion",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("submitted", "submitted"),
                    ("published", "published"),
                    ("withdrawn", "withdrawn"),
                    ("taken_back", "taken_back"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunSQL(GUARD, BEFORE),
    ]
