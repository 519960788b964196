"""Messages to people, their deliveries, what people chose, and notices, which the database keeps as they are."""

import django.db.models.deletion
import zhengshu.kernel.identity
from django.db import migrations, models


FORWARD = """
CREATE TRIGGER casework_notices_are_append_only BEFORE UPDATE OR DELETE ON casework_notice
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
"""
BACKWARD = "DROP TRIGGER casework_notices_are_append_only ON casework_notice;"


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0017_window'),
    ]

    operations = [
        migrations.AlterField(
            model_name='timelineentry',
            name='kind',
            field=models.CharField(choices=[('opened', 'opened'), ('task_opened', 'task_opened'), ('task_completed', 'task_completed'), ('task_cancelled', 'task_cancelled'), ('clock_started', 'clock_started'), ('clock_stopped', 'clock_stopped'), ('clock_paused', 'clock_paused'), ('clock_resumed', 'clock_resumed'), ('extension_asked', 'extension_asked'), ('clock_extended', 'clock_extended'), ('task_claimed', 'task_claimed'), ('task_released', 'task_released'), ('task_handed_over', 'task_handed_over'), ('avoided', 'avoided'), ('event_happened', 'event_happened'), ('decided', 'decided'), ('countersign_asked', 'countersign_asked'), ('countersign_dropped', 'countersign_dropped'), ('escalated', 'escalated'), ('silence', 'silence'), ('due_moved', 'due_moved'), ('urged', 'urged'), ('note_written', 'note_written'), ('note_answered', 'note_answered'), ('commented', 'commented'), ('document_added', 'document_added'), ('notice_issued', 'notice_issued'), ('withdrawn', 'withdrawn'), ('migrated', 'migrated'), ('closed', 'closed')], max_length=24),
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=zhengshu.kernel.identity.new_id, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=64)),
                ('person_id', models.UUIDField()),
                ('occasion_key', models.CharField(max_length=64)),
                ('facts', models.JSONField()),
                ('at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='casework.case')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='casework.casetypeversion')),
            ],
            options={
                'db_table': 'casework_message',
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=zhengshu.kernel.identity.new_id, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('site', 'site'), ('email', 'email'), ('sms', 'sms')], max_length=8)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('sent', 'Sent'), ('failed', 'Failed'), ('given_up', 'Given Up')], default='queued', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('fault', models.CharField(blank=True, max_length=40)),
                ('changed_at', models.DateTimeField()),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='casework.message')),
            ],
            options={
                'db_table': 'casework_delivery',
            },
        ),
        migrations.CreateModel(
            name='MessageChoice',
            fields=[
                ('person_id', models.UUIDField(primary_key=True, serialize=False)),
                ('by_email', models.BooleanField(default=False)),
                ('by_sms', models.BooleanField(default=False)),
                ('sealed_email', models.BinaryField(null=True)),
                ('sealed_phone', models.BinaryField(null=True)),
                ('language', models.CharField(default='zh-hans', max_length=10)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'casework_message_choice',
                'constraints': [models.CheckConstraint(condition=models.Q(('by_email', False), ('sealed_email__isnull', False), _connector='OR'), name='casework_email_needs_an_address'), models.CheckConstraint(condition=models.Q(('by_sms', False), ('sealed_phone__isnull', False), _connector='OR'), name='casework_sms_needs_a_number')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=zhengshu.kernel.identity.new_id, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=64)),
                ('titles', models.JSONField()),
                ('texts', models.JSONField()),
                ('office_name', models.CharField(blank=True, max_length=200)),
                ('issued_at', models.DateTimeField()),
                ('issued_by', models.UUIDField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='casework.case')),
            ],
            options={
                'db_table': 'casework_notice',
            },
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['person_id', '-at'], name='casework_message_person'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('read_at', None)), fields=['person_id'], name='casework_message_unread'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('person_id', 'code', 'occasion_key'), name='casework_message_once'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'sent'), _negated=True), fields=['changed_at'], name='casework_delivery_open'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('message', 'channel'), name='casework_delivery_once'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('channel', 'site'), _negated=True), name='casework_site_needs_no_delivery'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['case', 'issued_at'], name='casework_notice_case'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
