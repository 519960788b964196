"""Words of cases know when their case was opened, so that the latest of many hits are found where the words are."""

from django.db import migrations, models

KEPT = """
    NEW.words := ts_delete(NEW.words, '#open') || array_to_tsvector(ARRAY(
        SELECT casework_reader_word(reader, is_supervisor) FROM casework_case_reader WHERE case_id = NEW.case_id
        UNION SELECT '=' || type_code FROM casework_case WHERE id = NEW.case_id
        UNION SELECT '#open' FROM casework_case WHERE id = NEW.case_id AND state = 'open'));
"""

# The index is made anew: it would otherwise take every word of every case a second time.
FORWARD = f"""
DROP INDEX casework_words;
ALTER TABLE casework_case_words DISABLE TRIGGER casework_words_name_readers;
UPDATE casework_case_words SET opened_at = one.opened_at FROM casework_case AS one WHERE one.id = case_id;
ALTER TABLE casework_case_words ENABLE TRIGGER casework_words_name_readers;
ALTER TABLE casework_case_words ALTER COLUMN opened_at SET NOT NULL;
CREATE INDEX casework_words ON casework_case_words USING gin (words) WITH (fastupdate = off);

CREATE OR REPLACE FUNCTION casework_add_reader_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {KEPT}
    SELECT opened_at INTO NEW.opened_at FROM casework_case WHERE id = NEW.case_id;
    RETURN NEW;
END $$;
"""

BACKWARD = f"""
ALTER TABLE casework_case_words ALTER COLUMN opened_at DROP NOT NULL;
CREATE OR REPLACE FUNCTION casework_add_reader_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {KEPT}
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0018_messages")]

    operations = [
        migrations.AddField(
            model_name="casewords", name="opened_at", field=models.DateTimeField(null=True)
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="casewords", name="opened_at", field=models.DateTimeField()
                )
            ]
        ),
        migrations.AddIndex(
            model_name="casewords",
            index=models.Index(fields=["opened_at", "case"], name="casework_words_opened"),
        ),
    ]
