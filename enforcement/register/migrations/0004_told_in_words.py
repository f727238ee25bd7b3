"""What an entry cites and its timeline as one text each, for files of the open data; and changes by moment."""

from django.db import migrations, models

A_BATCH = 500


def fill(apps, schema_editor):
    """One read of entries, one of their citations and one write for each batch, in the order of the keys."""
    entries = apps.get_model("register", "RegisterEntry").objects
    ordered = entries.order_by("pk").prefetch_related("citations").only("timeline")
    last = 0
    while batch := list(ordered.filter(pk__gt=last)[:A_BATCH]):
        for entry in batch:
            cited = sorted(entry.citations.all(), key=lambda each: (each.position, each.pk))
            entry.provisions_in_words = "; ".join(f"{each.instrument} {each.citation}" for each in cited)
            entry.timeline_in_words = "; ".join(f"{each['on']} {each['what']}" for each in entry.timeline)
        entries.bulk_update(batch, ["provisions_in_words", "timeline_in_words"])
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("register", "0003_found_by")]

    operations = [
        migrations.AddField(
            model_name="registerentry",
            name="provisions_in_words",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="registerentry",
            name="timeline_in_words",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["at", "number"], name="register_change_at"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
