"""Documents of cases, which the database keeps from being changed."""

import django.db.models.deletion
import zhengshu.kernel.identity
from django.db import migrations, models


FORWARD = """
CREATE TRIGGER casework_documents_are_append_only BEFORE UPDATE OR DELETE ON casework_case_document
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
"""
BACKWARD = "DROP TRIGGER casework_documents_are_append_only ON casework_case_document;"


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0014_migrated'),
    ]

    operations = [
        migrations.AlterField(
            model_name='timelineentry',
            name='kind',
            field=models.CharField(choices=[('opened', 'opened'), ('task_opened', 'task_opened'), ('task_completed', 'task_completed'), ('task_cancelled', 'task_cancelled'), ('clock_started', 'clock_started'), ('clock_stopped', 'clock_stopped'), ('clock_paused', 'clock_paused'), ('clock_resumed', 'clock_resumed'), ('extension_asked', 'extension_asked'), ('clock_extended', 'clock_extended'), ('task_claimed', 'task_claimed'), ('task_released', 'task_released'), ('task_handed_over', 'task_handed_over'), ('avoided', 'avoided'), ('event_happened', 'event_happened'), ('decided', 'decided'), ('countersign_asked', 'countersign_asked'), ('countersign_dropped', 'countersign_dropped'), ('escalated', 'escalated'), ('silence', 'silence'), ('due_moved', 'due_moved'), ('urged', 'urged'), ('note_written', 'note_written'), ('note_answered', 'note_answered'), ('commented', 'commented'), ('document_added', 'document_added'), ('withdrawn', 'withdrawn'), ('migrated', 'migrated'), ('closed', 'closed')], max_length=24),
        ),
        migrations.CreateModel(
            name='CaseDocument',
            fields=[
                ('id', models.UUIDField(default=zhengshu.kernel.identity.new_id, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('sm3', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=120)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.PositiveBigIntegerField()),
                ('is_internal', models.BooleanField(default=False)),
                ('added_at', models.DateTimeField()),
                ('added_by', models.UUIDField()),
                ('added_by_name', models.CharField(max_length=100)),
                ('department_id', models.UUIDField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='casework.case')),
            ],
            options={
                'db_table': 'casework_case_document',
                'indexes': [models.Index(fields=['digest'], name='casework_document_digest')],
                'constraints': [models.UniqueConstraint(fields=('case', 'digest', 'name', 'is_internal'), name='casework_document_once'), models.CheckConstraint(condition=models.Q(('is_internal', False), ('department_id__isnull', False), _connector='OR'), name='casework_internal_documents_are_departments')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
