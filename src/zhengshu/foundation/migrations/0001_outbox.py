from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("payload", models.JSONField()),
                ("published_at", models.DateTimeField()),
            ],
            options={"db_table": "foundation_outbox_message"},
        ),
        migrations.CreateModel(
            name="HandledCommand",
            fields=[
                ("key", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("answer", models.JSONField()),
                ("handled_at", models.DateTimeField()),
            ],
            options={"db_table": "foundation_handled_command"},
        ),
        migrations.CreateModel(
            name="OutboxDelivery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("handler", models.CharField(max_length=200)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_fault", models.TextField(blank=True)),
                ("not_before", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE, related_name="deliveries", to="foundation.outboxmessage"
                    ),
                ),
            ],
            options={
                "db_table": "foundation_outbox_delivery",
                "indexes": [models.Index(fields=["not_before", "id"], name="outbox_due")],
            },
        ),
    ]
