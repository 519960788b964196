"""More ways to read cases fast: by who opened them, by what is due soon, and words together with type and state."""

from django.db import migrations, models

FORWARD = """
-- Whatever narrows a search for words and seldom changes is a word too: readers, type, whether the case is open.
CREATE OR REPLACE FUNCTION casework_add_reader_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := ts_delete(NEW.words, '#open') || array_to_tsvector(ARRAY(
        SELECT casework_reader_word(reader, is_supervisor) FROM casework_case_reader WHERE case_id = NEW.case_id
        UNION SELECT '=' || type_code FROM casework_case WHERE id = NEW.case_id
        UNION SELECT '#open' FROM casework_case WHERE id = NEW.case_id AND state = 'open'));
    RETURN NEW;
END $$;

-- Whoever opened a case in a department had it as a party; it stays a reader when another takes its part.
CREATE OR REPLACE FUNCTION casework_drop_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM casework_case_reader r USING gone g
    WHERE r.case_id = g.case_id AND r.reader = g.department_id AND r.is_supervisor = g.is_supervisor
        AND (r.is_supervisor OR r.reader IS DISTINCT FROM r.department_id)
        AND NOT EXISTS (SELECT FROM casework_case_party p WHERE p.case_id = r.case_id
            AND p.department_id = r.reader AND p.is_supervisor = r.is_supervisor);
    RETURN NULL;
END $$;

CREATE FUNCTION casework_word_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE casework_case_words SET words = words WHERE case_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER casework_words_follow AFTER UPDATE ON casework_case FOR EACH ROW
    WHEN ((OLD.state = 'open') <> (NEW.state = 'open')) EXECUTE FUNCTION casework_word_state();
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION casework_drop_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM casework_case_reader r USING gone g
    WHERE r.case_id = g.case_id AND r.reader = g.department_id AND r.is_supervisor = g.is_supervisor
        AND NOT EXISTS (SELECT FROM casework_case_party p WHERE p.case_id = r.case_id
            AND p.department_id = r.reader AND p.is_supervisor = r.is_supervisor);
    RETURN NULL;
END $$;
DROP TRIGGER casework_words_follow ON casework_case;
DROP FUNCTION casework_word_state();
CREATE OR REPLACE FUNCTION casework_add_reader_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := NEW.words || array_to_tsvector(ARRAY(
        SELECT casework_reader_word(reader, is_supervisor) FROM casework_case_reader WHERE case_id = NEW.case_id));
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0005_applicants")]

    operations = [
        migrations.AddIndex(
            model_name="casereader",
            index=models.Index(
                fields=["reader", "is_supervisor", "department_id", "opened_at"],
                name="casework_reader_department",
            ),
        ),
        migrations.AddIndex(
            model_name="casereader",
            index=models.Index(
                condition=models.Q(is_ended=False),
                fields=["reader", "is_supervisor", "yellow_at"],
                name="casework_reader_yellow",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
