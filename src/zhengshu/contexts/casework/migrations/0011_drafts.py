"""Drafts of case types; a version keeps its texts as they were written, and says whose design it is."""

import django.contrib.postgres.fields
import django.db.models.deletion
import zhengshu.kernel.identity
from django.db import migrations, models

FORWARD = """
DROP TRIGGER casework_versions_never_change ON casework_case_type_version;
CREATE TRIGGER casework_versions_never_change
    BEFORE UPDATE OF id, code, edition, digest, definition, flow, texts, forms, decisions, loaded_at,
        source_texts, department_id, published_by_name
    ON casework_case_type_version FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
"""

BACKWARD = """
DROP TRIGGER casework_versions_never_change ON casework_case_type_version;
CREATE TRIGGER casework_versions_never_change
    BEFORE UPDATE OF id, code, edition, digest, definition, flow, texts, forms, decisions, loaded_at
    ON casework_case_type_version FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0010_saved_filters'),
    ]

    operations = [
        migrations.AddField(
            model_name='casetypeversion',
            name='department_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='casetypeversion',
            name='published_by_name',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='casetypeversion',
            name='source_texts',
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name='CaseTypeDraft',
            fields=[
                ('id', models.UUIDField(default=zhengshu.kernel.identity.new_id, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=64)),
                ('department_id', models.UUIDField()),
                ('authority_id', models.UUIDField(null=True)),
                ('state', models.CharField(choices=[('drafting', 'Drafting'), ('submitted', 'Submitted'), ('published', 'Published'), ('abandoned', 'Abandoned')], default='drafting', max_length=12)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('case_id', models.UUIDField(null=True)),
                ('definition', models.TextField()),
                ('flow', models.TextField()),
                ('texts', models.JSONField()),
                ('forms', models.JSONField(default=dict)),
                ('decisions', models.JSONField(default=dict)),
                ('authors', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('begun_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('saved_by_name', models.CharField(max_length=100)),
                ('base', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.casetypeversion')),
                ('published', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.casetypeversion')),
            ],
            options={
                'db_table': 'casework_case_type_draft',
                'indexes': [models.Index(fields=['department_id', '-saved_at'], name='casework_draft_of_department'), models.Index(fields=['authority_id', '-saved_at'], name='casework_draft_submitted_to'), models.Index(fields=['case_id'], name='casework_draft_case')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['drafting', 'submitted'])), fields=('code',), name='casework_one_open_draft_of_a_type')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
