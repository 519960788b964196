"""Readers and words of cases, and the triggers that keep the readers right whoever changes a case or its parties."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
-- The time of what has none, so that it sorts last and can be compared; `readers.NEVER` is its twin.
CREATE FUNCTION casework_never() RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT timestamptz '9999-01-01 00:00:00+00' $$;

CREATE FUNCTION casework_add_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO casework_case_reader (case_id, reader, is_supervisor, is_ended, due_at, yellow_at, opened_at,
        closed_at, number, type_code, department_id)
    SELECT c.id, p.department_id, p.is_supervisor, c.state <> 'open', coalesce(c.due_at, casework_never()),
        coalesce(c.yellow_at, casework_never()), c.opened_at, coalesce(c.closed_at, casework_never()), c.number, c.type_code,
        c.department_id
    FROM fresh p JOIN casework_case c ON c.id = p.case_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION casework_drop_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM casework_case_reader r USING gone g
    WHERE r.case_id = g.case_id AND r.reader = g.department_id AND r.is_supervisor = g.is_supervisor
        AND NOT EXISTS (SELECT FROM casework_case_party p WHERE p.case_id = r.case_id
            AND p.department_id = r.reader AND p.is_supervisor = r.is_supervisor);
    RETURN NULL;
END $$;

CREATE TRIGGER casework_parties_come AFTER INSERT ON casework_case_party
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION casework_add_readers();
CREATE TRIGGER casework_parties_go AFTER DELETE ON casework_case_party
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION casework_drop_readers();
CREATE TRIGGER casework_parties_become AFTER UPDATE ON casework_case_party
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION casework_add_readers();
CREATE TRIGGER casework_parties_were AFTER UPDATE ON casework_case_party
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION casework_drop_readers();

CREATE FUNCTION casework_time_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE casework_case_reader SET is_ended = NEW.state <> 'open', due_at = coalesce(NEW.due_at, casework_never()),
        yellow_at = coalesce(NEW.yellow_at, casework_never()), closed_at = coalesce(NEW.closed_at, casework_never()),
        opened_at = NEW.opened_at, number = NEW.number, type_code = NEW.type_code, department_id = NEW.department_id
    WHERE case_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER casework_readers_follow AFTER UPDATE ON casework_case FOR EACH ROW
    WHEN ((OLD.state, OLD.due_at, OLD.yellow_at, OLD.closed_at, OLD.opened_at, OLD.number, OLD.type_code,
        OLD.department_id) IS DISTINCT FROM (NEW.state, NEW.due_at, NEW.yellow_at, NEW.closed_at, NEW.opened_at,
        NEW.number, NEW.type_code, NEW.department_id))
    EXECUTE FUNCTION casework_time_readers();

-- The readers of a case are words of it too; `Scope.lexeme` is the twin of this name.
CREATE FUNCTION casework_reader_word(reader uuid, is_supervisor boolean) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT '@' || replace(reader::text, '-', '') || CASE WHEN is_supervisor THEN 's' ELSE '' END
$$;

CREATE FUNCTION casework_add_reader_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := NEW.words || array_to_tsvector(ARRAY(
        SELECT casework_reader_word(reader, is_supervisor) FROM casework_case_reader WHERE case_id = NEW.case_id));
    RETURN NEW;
END $$;

CREATE TRIGGER casework_words_name_readers BEFORE INSERT OR UPDATE ON casework_case_words
    FOR EACH ROW EXECUTE FUNCTION casework_add_reader_words();

CREATE FUNCTION casework_readers_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE casework_case_words SET words = words WHERE case_id IN (SELECT case_id FROM fresh);
    RETURN NULL;
END $$;

CREATE FUNCTION casework_readers_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE casework_case_words w SET words = ts_delete(w.words, g.words) FROM (
        SELECT case_id, array_agg(casework_reader_word(reader, is_supervisor)) AS words FROM gone GROUP BY case_id
    ) g WHERE w.case_id = g.case_id;
    RETURN NULL;
END $$;

CREATE TRIGGER casework_readers_come AFTER INSERT ON casework_case_reader
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION casework_readers_came();
CREATE TRIGGER casework_readers_go AFTER DELETE ON casework_case_reader
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION casework_readers_went();

INSERT INTO casework_case_reader (case_id, reader, is_supervisor, is_ended, due_at, yellow_at, opened_at, closed_at,
    number, type_code, department_id)
SELECT c.id, p.department_id, p.is_supervisor, c.state <> 'open', coalesce(c.due_at, casework_never()),
    coalesce(c.yellow_at, casework_never()), c.opened_at, coalesce(c.closed_at, casework_never()), c.number, c.type_code,
    c.department_id
FROM casework_case_party p JOIN casework_case c ON c.id = p.case_id
ON CONFLICT DO NOTHING;
"""

BACKWARD = """
DROP TRIGGER casework_readers_follow ON casework_case;
DROP TRIGGER casework_parties_come ON casework_case_party;
DROP TRIGGER casework_parties_go ON casework_case_party;
DROP TRIGGER casework_parties_become ON casework_case_party;
DROP TRIGGER casework_parties_were ON casework_case_party;
DROP TRIGGER casework_readers_come ON casework_case_reader;
DROP TRIGGER casework_readers_go ON casework_case_reader;
DROP TRIGGER casework_words_name_readers ON casework_case_words;
DROP FUNCTION casework_add_readers(), casework_drop_readers(), casework_time_readers(), casework_readers_came(),
    casework_readers_went(), casework_add_reader_words(), casework_reader_word(uuid, boolean), casework_never();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_forms_and_decisions")]

    operations = [
        migrations.CreateModel(
            name="CaseWords",
            fields=[
                ("case", models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="words",
                    serialize=False, to="casework.case",
                )),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "db_table": "casework_case_words",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["words"], name="casework_words"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseReader",
            fields=[
                ("pk", models.CompositePrimaryKey(
                    "case_id", "reader", "is_supervisor", blank=True, editable=False, primary_key=True,
                    serialize=False,
                )),
                ("reader", models.UUIDField()),
                ("is_supervisor", models.BooleanField()),
                ("is_ended", models.BooleanField()),
                ("due_at", models.DateTimeField()),
                ("yellow_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField()),
                ("number", models.CharField(db_collation="C", max_length=40)),
                ("type_code", models.CharField(max_length=64)),
                ("department_id", models.UUIDField(null=True)),
                ("case", models.ForeignKey(
                    db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="readers",
                    to="casework.case",
                )),
            ],
            options={
                "db_table": "casework_case_reader",
                "indexes": [
                    models.Index(
                        fields=["reader", "is_supervisor", "is_ended", "due_at", "case"], name="casework_reader_due"
                    ),
                    models.Index(
                        fields=["reader", "is_supervisor", "opened_at", "case"], name="casework_reader_opened"
                    ),
                    models.Index(fields=["reader", "is_supervisor", "number"], name="casework_reader_number"),
                    models.Index(
                        fields=["reader", "is_supervisor", "type_code", "opened_at"], name="casework_reader_type"
                    ),
                    models.Index(
                        condition=models.Q(is_ended=True), fields=["reader", "is_supervisor", "closed_at"],
                        name="casework_reader_closed",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
