"""An employer's score becomes two probabilities, with a row for each modality below it.

The rows of the former model go: they held a rate alone, which no page of this model shows. Their runs stay, and
the chain holds which input and parameters each had.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import regulator.clock


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0006_declared_interests"),
        ("risk", "0002_covered_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.DeleteModel(name="RiskScore"),
        migrations.AddField(
            model_name="riskrun",
            name="equipment",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="riskrun",
            name="followed_to",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="riskrun",
            name="frozen",
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name="RiskScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField(default=0)),
                ("is_current", models.BooleanField(default=True)),
                ("model_version", models.CharField(max_length=20)),
                ("parameters_hash", models.CharField(max_length=64)),
                ("snapshot_hash", models.CharField(max_length=64)),
                ("computed_at", models.DateTimeField(default=regulator.clock.now, editable=False)),
                ("p_under", models.DecimalField(decimal_places=6, max_digits=7)),
                ("p_poor", models.DecimalField(decimal_places=6, max_digits=7)),
                ("p_any", models.DecimalField(decimal_places=6, max_digits=7)),
                ("p_low", models.DecimalField(decimal_places=6, max_digits=7)),
                ("p_high", models.DecimalField(decimal_places=6, max_digits=7)),
                ("among_places", models.DecimalField(decimal_places=6, max_digits=7)),
                ("loss", models.DecimalField(decimal_places=6, max_digits=16)),
                ("has_activity", models.BooleanField(verbose_name="activity returned")),
                ("observed", models.PositiveIntegerField()),
                ("expected", models.DecimalField(decimal_places=6, max_digits=16)),
                ("mean", models.DecimalField(decimal_places=6, max_digits=16)),
                ("low", models.DecimalField(decimal_places=6, max_digits=16)),
                ("high", models.DecimalField(decimal_places=6, max_digits=16)),
                ("looks_now", models.BooleanField(default=False, verbose_name="brought forward by a rule")),
                ("rules", models.JSONField(default=list)),
                ("components", models.JSONField(default=list)),
                ("why", models.JSONField(default=list)),
                ("tie", models.CharField(max_length=16)),
                (
                    "employer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risk_scores",
                        to="organisations.employer",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scores", to="risk.riskrun"
                    ),
                ),
            ],
            options={
                "ordering": ["run", "-looks_now", "-p_any", "tie"],
            },
        ),
        migrations.CreateModel(
            name="RiskOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("sooner", "Look sooner"), ("later", "Look later")], max_length=10
                    ),
                ),
                ("until", models.DateField()),
                ("reason", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waiting for a second person"),
                            ("confirmed", "Confirmed"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=regulator.clock.now, editable=False)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_reason", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "employer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risk_overrides",
                        to="organisations.employer",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "score",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="risk.riskscore",
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="RiskSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "modality",
                    models.CharField(
                        choices=[
                            ("diagnostic_imaging", "Diagnostic imaging"),
                            ("radiotherapy", "Radiotherapy"),
                            ("nuclear_medicine", "Nuclear medicine"),
                        ],
                        max_length=30,
                    ),
                ),
                ("peer_group", models.CharField(max_length=80)),
                ("has_activity", models.BooleanField()),
                ("covered_days", models.PositiveIntegerField()),
                ("observed", models.PositiveIntegerField()),
                ("severe", models.PositiveIntegerField()),
                ("expected", models.DecimalField(decimal_places=6, max_digits=16)),
                ("mean", models.DecimalField(decimal_places=6, max_digits=16)),
                ("low", models.DecimalField(decimal_places=6, max_digits=16)),
                ("high", models.DecimalField(decimal_places=6, max_digits=16)),
                ("p_below_half", models.DecimalField(decimal_places=6, max_digits=7)),
                ("z_od", models.DecimalField(decimal_places=4, max_digits=12)),
                ("funnel_low", models.DecimalField(decimal_places=6, max_digits=16)),
                ("funnel_high", models.DecimalField(decimal_places=6, max_digits=16)),
                ("mid_p", models.DecimalField(decimal_places=6, max_digits=7)),
                ("count_low", models.DecimalField(decimal_places=6, max_digits=16)),
                ("count_high", models.DecimalField(decimal_places=6, max_digits=16)),
                ("surge", models.BooleanField(default=False)),
                (
                    "score",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="series",
                        to="risk.riskscore",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "risk series",
                "ordering": ["score", "modality"],
            },
        ),
        migrations.AddIndex(
            model_name="riskscore",
            index=models.Index(
                fields=["run", "is_current", "-looks_now", "-p_any", "tie"], name="risk_score_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="riskscore",
            constraint=models.UniqueConstraint(
                fields=("run", "employer", "revision"), name="risk_score_revision_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="riskscore",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)),
                fields=("run", "employer"),
                name="risk_score_one_current",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskscore",
            constraint=models.CheckConstraint(
                condition=models.Q(("p_any__gte", 0), ("p_any__lte", 1)), name="risk_score_is_a_probability"
            ),
        ),
        migrations.AddConstraint(
            model_name="riskoverride",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("employer",),
                name="risk_override_one_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskoverride",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["confirmed", "refused"]), _negated=True),
                    models.Q(
                        ("decided_by__isnull", False),
                        models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="risk_override_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskoverride",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="risk_override_for_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="riskseries",
            constraint=models.UniqueConstraint(fields=("score", "modality"), name="risk_series_once"),
        ),
        migrations.AddConstraint(
            model_name="riskseries",
            constraint=models.CheckConstraint(
                condition=models.Q(("severe__lte", models.F("observed"))),
                name="risk_series_severe_of_observed",
            ),
        ),
    ]
