"""The name of the proof log: one row, written once, and the view by which gateways read it."""

from django.db import migrations, models

FORWARD = """
CREATE TABLE trust_log_name (
    is_only boolean PRIMARY KEY CHECK (is_only),
    origin text NOT NULL CHECK (origin <> '')
);

-- The door for gateways, which promise in the log's name.
CREATE VIEW proof.name AS SELECT origin FROM trust_log_name;

CREATE FUNCTION trust_guard_log_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the name of the log never changes'
        USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'trust_log_name_is_permanent';
END $$;
CREATE TRIGGER trust_guard_log_name_row BEFORE UPDATE OR DELETE ON trust_log_name
    FOR EACH ROW EXECUTE FUNCTION trust_guard_log_name();
CREATE TRIGGER trust_guard_log_name_table BEFORE TRUNCATE ON trust_log_name
    FOR EACH STATEMENT EXECUTE FUNCTION trust_guard_log_name();
ALTER TABLE trust_log_name ENABLE ALWAYS TRIGGER trust_guard_log_name_row;
ALTER TABLE trust_log_name ENABLE ALWAYS TRIGGER trust_guard_log_name_table;
"""

BACKWARD = """
DROP VIEW proof.name;
DROP TABLE trust_log_name;
DROP FUNCTION trust_guard_log_name();
"""


class Migration(migrations.Migration):
    dependencies = [("trust", "0004_proof_log")]

    operations = [
        migrations.CreateModel(
            name="LogName",
            fields=[
                ("is_only", models.BooleanField(primary_key=True, serialize=False)),
                ("origin", models.TextField()),
            ],
            options={"db_table": "trust_log_name", "managed": False},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
