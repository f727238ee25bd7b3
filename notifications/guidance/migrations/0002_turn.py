"""The moments at which guidance says something else: those of every version that was approved so far."""

from typing import Any

from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    version, turn = apps.get_model("guidance", "Version"), apps.get_model("guidance", "Turn")
    approved = version.objects.filter(state="approved").order_by("published_at", "pk")
    turn.objects.bulk_create(turn(at=moment) for moment in approved.values_list("published_at", flat=True))


class Migration(migrations.Migration):
    dependencies = [("guidance", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
