"""Sites, visits and the team. An inspection that was on site had one visit, to the case's site."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import regulator.clock


def first_visits(apps: Any, schema_editor: Any) -> None:
    """Who recorded it and when, the events tell."""
    Inspection, Visit = (apps.get_model("inspections", name) for name in ("Inspection", "Visit"))
    events = apps.get_model("casework", "Event").objects.filter(type="inspections.visited")
    told = {case: (actor, at) for case, actor, at in events.values_list("case", "actor", "occurred_at")}
    for each in Inspection.objects.filter(visited_on__isnull=False, visits=None).select_related("case"):
        actor, at = told.get(each.pk, (None, None))
        Visit.objects.create(
            inspection=each,
            site_id=each.case.site_id,
            visited_on=each.visited_on,
            announced=each.announced_on is not None,
            recorded_by_id=actor,
            recorded_at=at or regulator.clock.now(),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0011_referrals"),
        ("inspections", "0005_lifecycle_constraints"),
        ("organisations", "0006_declared_interests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("visited_on", models.DateField()),
                ("announced", models.BooleanField()),
                ("recorded_at", models.DateTimeField(default=regulator.clock.now, editable=False)),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="inspections.inspection",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.site",
                    ),
                ),
            ],
            options={
                "ordering": ["visited_on", "pk"],
            },
        ),
        migrations.AddField(
            model_name="finding",
            name="visit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="findings",
                to="inspections.visit",
            ),
        ),
        migrations.CreateModel(
            name="InspectionMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("joined_at", models.DateTimeField(default=regulator.clock.now, editable=False)),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="inspections.inspection",
                    ),
                ),
                (
                    "joined_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "left_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspection_teams",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["joined_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at__isnull", True)),
                        fields=("inspection", "person"),
                        name="inspections_member_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("left_at__isnull", True), ("left_by__isnull", True)),
                            models.Q(("left_at__gte", models.F("joined_at")), ("left_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="inspections_member_left_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectionSite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="further_sites",
                        to="inspections.inspection",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.site"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "site"), name="inspections_site_named_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                fields=("inspection", "site", "visited_on"), name="inspections_visit_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("site__isnull", True)),
                fields=("inspection", "visited_on"),
                name="inspections_visit_of_no_site_once_a_day",
            ),
        ),
        migrations.RunPython(first_visits, migrations.RunPython.noop),
    ]
