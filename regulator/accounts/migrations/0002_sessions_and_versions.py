import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import regulator.clock


def forget_former_sessions(apps, schema_editor):
    """Sessions of before lie in Django's own table, which nobody reads or empties any more; what was typed into
    them is promised to be gone after an hour. Everybody signs in again."""
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "ordering": ["name", "pk"],
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
        ),
        migrations.AddField(
            model_name="user",
            name="version",
            field=models.PositiveIntegerField(
                default=1,
                editable=False,
                help_text="Rises by one when an administrator changes this person.",
            ),
        ),
        migrations.CreateModel(
            name="PortalSession",
            fields=[
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                (
                    "session_key",
                    models.CharField(
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                        verbose_name="digest of the session key",
                    ),
                ),
                ("device", models.CharField(blank=True, max_length=100)),
                ("started_at", models.DateTimeField(default=regulator.clock.now)),
                ("seen_at", models.DateTimeField(default=regulator.clock.now)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="portal_sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-seen_at"],
            },
        ),
        migrations.RunPython(forget_former_sessions, migrations.RunPython.noop),
    ]
