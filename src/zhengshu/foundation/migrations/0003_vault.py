"""Data keys, which are never removed, and how far the job is that encrypts columns anew."""

from django.db import migrations, models

FORWARD = """
CREATE TABLE foundation_data_key (
    id integer PRIMARY KEY CHECK (id > 0),
    department_id uuid,
    grade smallint NOT NULL CHECK (grade > 0),
    version integer NOT NULL CHECK (version > 0),
    wrapped bytea NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz,
    CONSTRAINT foundation_data_key_version_once UNIQUE NULLS NOT DISTINCT (department_id, grade, version)
);
CREATE UNIQUE INDEX foundation_data_key_one_active
    ON foundation_data_key (department_id, grade) NULLS NOT DISTINCT WHERE retired_at IS NULL;

CREATE FUNCTION foundation_guard_data_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.retired_at IS NULL AND NEW.retired_at IS NOT NULL
       AND (OLD.id, OLD.department_id, OLD.grade, OLD.version, OLD.wrapped, OLD.created_at)
           IS NOT DISTINCT FROM (NEW.id, NEW.department_id, NEW.grade, NEW.version, NEW.wrapped, NEW.created_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'data keys are never changed or removed: what they encrypted would be lost'
        USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'foundation_data_key_is_permanent';
END $$;
CREATE TRIGGER foundation_guard_data_key_row BEFORE UPDATE OR DELETE ON foundation_data_key
    FOR EACH ROW EXECUTE FUNCTION foundation_guard_data_key();
CREATE TRIGGER foundation_guard_data_key_table BEFORE TRUNCATE ON foundation_data_key
    FOR EACH STATEMENT EXECUTE FUNCTION foundation_guard_data_key();
ALTER TABLE foundation_data_key ENABLE ALWAYS TRIGGER foundation_guard_data_key_row;
ALTER TABLE foundation_data_key ENABLE ALWAYS TRIGGER foundation_guard_data_key_table;
"""

BACKWARD = """
DROP TABLE foundation_data_key;
DROP FUNCTION foundation_guard_data_key();
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_calendar_override")]

    operations = [
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("id", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("department_id", models.UUIDField(null=True)),
                ("grade", models.PositiveSmallIntegerField()),
                ("version", models.PositiveIntegerField()),
                ("wrapped", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "foundation_data_key", "managed": False},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.CreateModel(
            name="Reencryption",
            fields=[
                ("column", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("after", models.UUIDField(null=True)),
                ("looked_at", models.PositiveBigIntegerField(default=0)),
                ("changed", models.PositiveBigIntegerField(default=0)),
                ("unreadable", models.PositiveBigIntegerField(default=0)),
                ("total", models.PositiveBigIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("began_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "foundation_reencryption"},
        ),
    ]
