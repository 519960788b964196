"""What is due when nobody acts: promises, silence, escalations, urging, and the calendar that was counted with."""

import django.db.models.deletion
import zhengshu.kernel.identity
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0011_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarSeen',
            fields=[
                ('name', models.CharField(max_length=16, primary_key=True, serialize=False)),
                ('days', models.JSONField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'casework_calendar_seen',
            },
        ),
        migrations.CreateModel(
            name='SupervisionNote',
            fields=[
                ('id', models.UUIDField(default=zhengshu.kernel.identity.new_id, primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('by_id', models.UUIDField()),
                ('by_name', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
                ('department_id', models.UUIDField()),
                ('due_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.UUIDField(null=True)),
                ('answered_by_name', models.CharField(blank=True, max_length=100)),
                ('answer', models.TextField(blank=True)),
            ],
            options={
                'db_table': 'casework_supervision_note',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='clock',
            name='escalate_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='clock',
            name='escalated',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='clock',
            name='promised_due_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='clock',
            name='promised_value',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='clock',
            name='promised_yellow_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='clock',
            name='silence_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='clockpause',
            name='expected_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='timelineentry',
            name='kind',
            field=models.CharField(choices=[('opened', 'opened'), ('task_opened', 'task_opened'), ('task_completed', 'task_completed'), ('task_cancelled', 'task_cancelled'), ('clock_started', 'clock_started'), ('clock_stopped', 'clock_stopped'), ('clock_paused', 'clock_paused'), ('clock_resumed', 'clock_resumed'), ('extension_asked', 'extension_asked'), ('clock_extended', 'clock_extended'), ('task_claimed', 'task_claimed'), ('task_released', 'task_released'), ('task_handed_over', 'task_handed_over'), ('avoided', 'avoided'), ('countersign_asked', 'countersign_asked'), ('countersign_dropped', 'countersign_dropped'), ('escalated', 'escalated'), ('silence', 'silence'), ('due_moved', 'due_moved'), ('urged', 'urged'), ('note_written', 'note_written'), ('note_answered', 'note_answered'), ('withdrawn', 'withdrawn'), ('closed', 'closed')], max_length=24),
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=models.Q(('escalate_at__isnull', False), ('stopped_at', None)), fields=['escalate_at'], name='casework_clock_escalate'),
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=models.Q(('silence_at__isnull', False), ('stopped_at', None)), fields=['silence_at'], name='casework_clock_silence'),
        ),
        migrations.AddField(
            model_name='supervisionnote',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='casework.case'),
        ),
        migrations.AddConstraint(
            model_name='supervisionnote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None)), models.Q(('answered_at__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='casework_answers_have_a_time'),
        ),
    ]
