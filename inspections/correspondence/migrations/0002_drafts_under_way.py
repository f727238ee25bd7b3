"""A draft whose facts are being checked gets a round of comments, as those that are sent from now on do."""

from typing import Any

from django.db import migrations


def open_rounds(apps: Any, schema_editor: Any) -> None:
    Inspection, Finding = (apps.get_model("inspections", name) for name in ("Inspection", "Finding"))
    Round = apps.get_model("correspondence", "AccuracyRound")
    drafts = Finding.objects.filter(fed_back_on__isnull=False, final_on=None).values("inspection")
    sent = Inspection.objects.filter(feedback_issued_on__isnull=False, accuracy_rounds=None)
    under_way = sent.filter(case__status="factual_accuracy") | sent.filter(
        case__status="feedback_drafted", pk__in=drafts
    )
    for pk, day in under_way.values_list("pk", "feedback_issued_on"):
        Round.objects.create(inspection_id=pk, opened_on=day)


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0001_initial"), ("inspections", "0007_corrected_findings")]

    operations = [migrations.RunPython(open_rounds, migrations.RunPython.noop)]
