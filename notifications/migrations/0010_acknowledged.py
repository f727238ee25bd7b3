"""Acknowledging a notification, and indexes for the filters of the work queue."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import regulator.clock


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0007_work_queue"),
        ("notifications", "0009_what_is_still_awaited"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                (
                    "notification",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="acknowledgement",
                        serialize=False,
                        to="notifications.notification",
                    ),
                ),
                ("at", models.DateTimeField(default=regulator.clock.now, editable=False)),
            ],
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["discovered_on"], name="notifications_discovered"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                fields=["criterion_code", "criteria_regime"], name="notifications_code_regime"
            ),
        ),
        migrations.AddField(
            model_name="acknowledgement",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
