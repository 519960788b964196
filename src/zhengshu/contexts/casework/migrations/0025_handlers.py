"""An enterprise's cases of one type have a reader of their own: handlers whose power is for such matters only."""

from django.db import migrations

FORWARD = """
-- `readers.matters_of` is the twin of the reader's id.
CREATE FUNCTION casework_matters_of(enterprise uuid, type_code text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT md5(enterprise::text || ':' || type_code)::uuid
$$;

CREATE OR REPLACE FUNCTION casework_add_applicant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO casework_case_reader (case_id, reader, is_supervisor, is_ended, due_at, yellow_at, opened_at,
        closed_at, number, type_code, department_id)
    SELECT NEW.id, reader, false, NEW.state <> 'open',
        coalesce(NEW.due_at, casework_never()), coalesce(NEW.yellow_at, casework_never()), NEW.opened_at,
        coalesce(NEW.closed_at, casework_never()), NEW.number, NEW.type_code, NEW.department_id
    FROM unnest(ARRAY[coalesce(NEW.enterprise_id, NEW.applicant_id),
        casework_matters_of(NEW.enterprise_id, NEW.type_code)]) AS reader
    WHERE reader IS NOT NULL
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

INSERT INTO casework_case_reader (case_id, reader, is_supervisor, is_ended, due_at, yellow_at, opened_at, closed_at,
    number, type_code, department_id)
SELECT c.id, casework_matters_of(c.enterprise_id, c.type_code), false, c.state <> 'open',
    coalesce(c.due_at, casework_never()), coalesce(c.yellow_at, casework_never()), c.opened_at,
    coalesce(c.closed_at, casework_never()), c.number, c.type_code, c.department_id
FROM casework_case c WHERE c.enterprise_id IS NOT NULL
ON CONFLICT DO NOTHING;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION casework_add_applicant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO casework_case_reader (case_id, reader, is_supervisor, is_ended, due_at, yellow_at, opened_at,
        closed_at, number, type_code, department_id)
    VALUES (NEW.id, coalesce(NEW.enterprise_id, NEW.applicant_id), false, NEW.state <> 'open',
        coalesce(NEW.due_at, casework_never()), coalesce(NEW.yellow_at, casework_never()), NEW.opened_at,
        coalesce(NEW.closed_at, casework_never()), NEW.number, NEW.type_code, NEW.department_id)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

DELETE FROM casework_case_reader r USING casework_case c
WHERE r.case_id = c.id AND r.reader = casework_matters_of(c.enterprise_id, c.type_code);
DROP FUNCTION casework_matters_of(uuid, text);
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0024_open_tasks")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
