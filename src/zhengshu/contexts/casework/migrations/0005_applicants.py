"""Persons and enterprises as applicants: cases keep them, to-dos may be theirs, and they read what they asked for."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION casework_add_applicant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO casework_case_reader (case_id, reader, is_supervisor, is_ended, due_at, yellow_at, opened_at,
        closed_at, number, type_code, department_id)
    VALUES (NEW.id, coalesce(NEW.enterprise_id, NEW.applicant_id), false, NEW.state <> 'open',
        coalesce(NEW.due_at, casework_never()), coalesce(NEW.yellow_at, casework_never()), NEW.opened_at,
        coalesce(NEW.closed_at, casework_never()), NEW.number, NEW.type_code, NEW.department_id)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE TRIGGER casework_applicants_read AFTER INSERT ON casework_case FOR EACH ROW
    WHEN (NEW.applicant_id IS NOT NULL) EXECUTE FUNCTION casework_add_applicant();
"""

BACKWARD = """
DROP TRIGGER casework_applicants_read ON casework_case;
DROP FUNCTION casework_add_applicant();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_readers")]

    operations = [
        migrations.AddField("case", "applicant_id", models.UUIDField(null=True)),
        migrations.AddField("case", "applicant_name", models.CharField(blank=True, default="", max_length=60), preserve_default=False),
        migrations.AddField("case", "enterprise_id", models.UUIDField(null=True)),
        migrations.AddField(
            "case", "enterprise_name", models.CharField(blank=True, default="", max_length=200), preserve_default=False
        ),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                condition=models.Q(enterprise_id=None) | models.Q(applicant_id__isnull=False),
                name="casework_enterprises_ask_through_persons",
            ),
        ),
        migrations.AlterField("task", "department_id", models.UUIDField(null=True)),
        migrations.AddField("task", "person_id", models.UUIDField(null=True)),
        migrations.AddField("task", "enterprise_id", models.UUIDField(null=True)),
        migrations.AddIndex(
            "task",
            models.Index(
                condition=models.Q(person_id__isnull=False, state="open"), fields=["person_id", "due_at"],
                name="casework_task_person",
            ),
        ),
        migrations.AddIndex(
            "task",
            models.Index(
                condition=models.Q(enterprise_id__isnull=False, state="open"), fields=["enterprise_id", "due_at"],
                name="casework_task_enterprise",
            ),
        ),
        migrations.AddConstraint(
            "task",
            models.CheckConstraint(
                condition=models.Q(department_id__isnull=False, enterprise_id=None, person_id=None)
                | models.Q(department_id=None, person_id__isnull=False),
                name="casework_tasks_are_somebodys",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
