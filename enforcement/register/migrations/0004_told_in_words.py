"""What an entry cites and its timeline as one text each, for files of the open data; and changes by moment."""

from django.db import migrations, models


def fill(apps, schema_editor):
    entries = apps.get_model("register", "RegisterEntry")
    for entry in entries.objects.prefetch_related("citations").iterator(chunk_size=1000):
        cited = sorted(entry.citations.all(), key=lambda each: (each.position, each.pk))
        entries.objects.filter(pk=entry.pk).update(
            provisions_in_words="; ".join(f"{each.instrument} {each.citation}" for each in cited),
            timeline_in_words="; ".join(f"{each['on']} {each['what']}" for each in entry.timeline),
        )


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
