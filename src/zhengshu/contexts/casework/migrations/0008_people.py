"""Claims, deputies and countersignatures: who does a to-do."""

import django.contrib.postgres.fields
import zhengshu.kernel.identity
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0007_forms'),
    ]

    operations = [
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.UUIDField(default=zhengshu.kernel.identity.new_id, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('person_name', models.CharField(max_length=100)),
                ('department_id', models.UUIDField()),
                ('deputy_id', models.UUIDField()),
                ('deputy_name', models.CharField(max_length=100)),
                ('case_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                ('active_from', models.DateTimeField()),
                ('active_to', models.DateTimeField()),
                ('declared_by', models.UUIDField()),
                ('declared_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'casework_absence',
            },
        ),
        migrations.AddField(
            model_name='task',
            name='about',
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name='task',
            name='claimed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='task',
            name='claimed_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='task',
            name='claimed_by_name',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='task',
            name='handed_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='task',
            name='handed_by_name',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='task',
            name='is_objected',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='task',
            name='waits_for',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='timelineentry',
            name='details',
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name='task',
            name='code',
            field=models.CharField(max_length=100),
        ),
        migrations.AlterField(
            model_name='task',
            name='kind',
            field=models.CharField(choices=[('flow', 'flow'), ('extension', 'extension'), ('countersign', 'countersign')], max_length=16),
        ),
        migrations.AlterField(
            model_name='timelineentry',
            name='kind',
            field=models.CharField(choices=[('opened', 'opened'), ('task_opened', 'task_opened'), ('task_completed', 'task_completed'), ('task_cancelled', 'task_cancelled'), ('clock_started', 'clock_started'), ('clock_stopped', 'clock_stopped'), ('clock_paused', 'clock_paused'), ('clock_resumed', 'clock_resumed'), ('extension_asked', 'extension_asked'), ('clock_extended', 'clock_extended'), ('task_claimed', 'task_claimed'), ('task_released', 'task_released'), ('task_handed_over', 'task_handed_over'), ('avoided', 'avoided'), ('countersign_asked', 'countersign_asked'), ('countersign_dropped', 'countersign_dropped'), ('withdrawn', 'withdrawn'), ('closed', 'closed')], max_length=24),
        ),
        migrations.AlterField(
            model_name='timelineentry',
            name='task',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('claimed_by__isnull', False), ('state', 'open')), fields=['claimed_by'], name='casework_task_claimed'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claimed_at', None), ('claimed_by', None)), models.Q(('claimed_at__isnull', False), ('claimed_by__isnull', False)), _connector='OR'), name='casework_claims_have_a_time'),
        ),
        migrations.AddIndex(
            model_name='absence',
            index=models.Index(fields=['deputy_id', 'active_to'], name='casework_absence_deputy'),
        ),
        migrations.AddIndex(
            model_name='absence',
            index=models.Index(fields=['person_id', 'active_to'], name='casework_absence_person'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(('active_to__gte', models.F('active_from'))), name='casework_absence_goes_forward'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(('person_id', models.F('deputy_id')), _negated=True), name='casework_absence_has_another'),
        ),
    ]
