"""The share of the window with a return becomes a number of days, the measure that the counting uses."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def days_from_share(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For the runs so far: a share of four places gives back the whole days of 36 months exactly."""
    scores = apps.get_model("risk", "RiskScore").objects
    for run in apps.get_model("risk", "RiskRun").objects.all():
        days = (run.window_end - run.window_start).days + 1
        for share in set(scores.filter(run=run).order_by().values_list("coverage", flat=True)):
            scores.filter(run=run, coverage=share).update(covered_days=round(share * days))


class Migration(migrations.Migration):
    dependencies = [
        ("risk", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="riskscore",
            name="covered_days",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunPython(days_from_share, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(model_name="riskscore", name="coverage"),
    ]
