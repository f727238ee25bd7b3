"""The work queue: keys of its order, people's own views of it, and the search over cases."""

import datetime

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import regulator.casework.queue_order
import regulator.clock
from regulator.casework.search import finding


def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    finding.install(editor.connection)


def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    finding.remove(editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0006_restricted_cases"),
        ("organisations", "0004_the_employers_own_house"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseText",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="casework.case",
                    ),
                ),
                ("names", models.TextField()),
                ("words", models.TextField()),
                ("employer", models.CharField(max_length=250)),
                ("site", models.CharField(blank=True, max_length=250)),
                ("sha256", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("asked", models.JSONField(default=dict)),
                ("is_default", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("made_at", models.DateTimeField(default=regulator.clock.now, editable=False)),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SearchMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("followed_to", models.PositiveBigIntegerField(default=0)),
                ("renames_to", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="casework_case_queue",
        ),
        migrations.AddField(
            model_name="case",
            name="age_order",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce("opened_at", "created_at"),
                output_field=models.DateTimeField(),
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="due_order",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    "next_due_on", models.Value(datetime.date(9999, 12, 31), output_field=models.DateField())
                ),
                output_field=models.DateField(),
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="urgency",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(
                        closed_at__isnull=False,
                        then=django.db.models.expressions.CombinedExpression(
                            models.Value(9253402214400),
                            "-",
                            regulator.casework.queue_order.Seconds(models.F("closed_at")),
                        ),
                    ),
                    models.When(
                        risk=3,
                        then=django.db.models.functions.comparison.Coalesce(
                            regulator.casework.queue_order.Seconds(models.F("next_due_on")),
                            models.Value(253402214400),
                        ),
                    ),
                    models.When(
                        risk=0,
                        then=django.db.models.expressions.CombinedExpression(
                            models.Value(1000000000000),
                            "+",
                            django.db.models.functions.comparison.Coalesce(
                                regulator.casework.queue_order.Seconds(models.F("opened_at")),
                                models.Value(253402214400),
                            ),
                        ),
                    ),
                    default=django.db.models.expressions.CombinedExpression(
                        django.db.models.expressions.CombinedExpression(
                            models.Value(4000000000000),
                            "-",
                            django.db.models.expressions.CombinedExpression(
                                models.F("risk"), "*", models.Value(1000000000000)
                            ),
                        ),
                        "+",
                        django.db.models.functions.comparison.Coalesce(
                            regulator.casework.queue_order.Seconds(models.F("next_due_on")),
                            models.Value(253402214400),
                        ),
                    ),
                    output_field=models.BigIntegerField(),
                ),
                output_field=models.BigIntegerField(),
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["urgency", "id"], name="casework_case_urgency"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["kind", "urgency", "id"], name="casework_case_kind_urgency"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["due_order", "id"], name="casework_case_due_order"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["due_order", "id"],
                name="casework_case_due_order_open",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["age_order", "id"], name="casework_case_age_order"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["age_order", "id"],
                name="casework_case_age_order_open",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_views",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("owner", "name"), name="casework_view_name_once_per_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)),
                fields=("owner",),
                name="casework_view_one_default_per_person",
            ),
        ),
        migrations.RunPython(forwards, backwards),
    ]
