"""The lifecycle with evidence, factual accuracy and an action plan. Inspections of the first lifecycle are
carried over: what had been sent as feedback then was final. Views of the queue that people saved ask for the
new states."""

from typing import Any

from django.db import migrations, models
from django.db.models import F

STATES = {
    "visited": "on_site",
    "feedback_issued": "final",
    "plan_received": "action_plan",
    "cancelled": "stood_down",
    "dropped": "stood_down_unseen",
}


def _renamed(asked: Any, states: dict[str, str]) -> Any:
    kind, _, state = str(asked.get("status", "")).partition(":")
    if kind == "inspection" and state in states:
        return {**asked, "status": f"{kind}:{states[state]}"}
    return asked


def _carry(apps: Any, states: dict[str, str]) -> None:
    Case = apps.get_model("casework", "Case")
    for former, state in states.items():
        Case.objects.filter(kind="inspection", status=former).update(status=state)
    SavedView = apps.get_model("casework", "SavedView")
    for view in SavedView.objects.filter(kind__in=("", "inspection")):
        asked = _renamed(view.asked, states)
        if asked != view.asked:
            view.asked = asked
            view.save(update_fields=["asked"])


def forwards(apps: Any, schema_editor: Any) -> None:
    _carry(apps, STATES)
    fed_back = apps.get_model("inspections", "Inspection").objects.filter(feedback_issued_on__isnull=False)
    fed_back.update(final_on=F("feedback_issued_on"))
    findings = apps.get_model("inspections", "Finding").objects.filter(fed_back_on__isnull=False)
    findings.update(final_on=F("fed_back_on"))


def backwards(apps: Any, schema_editor: Any) -> None:
    """A draft that was not final yet goes back to the visit, documents to the announcement."""
    former = {new: old for old, new in STATES.items()}
    later = {"evidence_requested": "announced", "feedback_drafted": "visited", "factual_accuracy": "visited"}
    _carry(apps, former | later)


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0011_referrals"),
        ("inspections", "0002_inspection_declined"),
    ]

    operations = [
        migrations.AlterField(
            "inspection",
            "trigger",
            models.CharField(
                choices=[
                    ("planned", "Planned programme"),
                    ("reactive", "Reactive"),
                    ("focused", "Focused"),
                    ("themed", "Themed"),
                    ("follow_up", "Follow-up"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField("inspection", "theme", models.CharField(blank=True, default="", max_length=120)),
        migrations.AlterField("inspection", "theme", models.CharField(blank=True, max_length=120)),
        migrations.AddField("inspection", "evidence_requested_on", models.DateField(blank=True, null=True)),
        migrations.AddField("inspection", "final_on", models.DateField(blank=True, null=True)),
        migrations.AddField("finding", "final_on", models.DateField(blank=True, null=True)),
        migrations.RunPython(forwards, backwards),
    ]
