"""Confirmed identifiers are known by a digest under the portal's own key (docs/decisions/0012).

A row that is there holds the SHA-256 of the identifier. What it held cannot be had back, but the digest is taken
over just that SHA-256, so it is keyed here and goes on counting. Events are append-only: what they hold stays.
Undone, the rows keep their keyed digests, which the former code knows nothing by: it asks again.
"""

from django.db import migrations, models

from regulator.secret import keyed_digests

PURPOSE = "casework.identifier_confirmation"


def key_the_digests(apps, schema_editor):
    table = apps.get_model("casework", "IdentifierConfirmation")
    for row in table.objects.iterator():
        row.digest = keyed_digests(PURPOSE, row.digest)[0]
        row.save(update_fields=["digest"])


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_said_without_an_account")]

    operations = [
        migrations.RemoveConstraint(
            model_name="identifierconfirmation", name="casework_identifier_confirmed_once"
        ),
        migrations.RenameField(model_name="identifierconfirmation", old_name="sha256", new_name="digest"),
        migrations.AlterField(
            model_name="identifierconfirmation",
            name="digest",
            field=models.CharField(max_length=64, help_text="HMAC-SHA-256 under the portal’s own key."),
        ),
        migrations.AddConstraint(
            model_name="identifierconfirmation",
            constraint=models.UniqueConstraint(
                fields=["case", "kind", "digest"], name="casework_identifier_confirmed_once"
            ),
        ),
        migrations.RunPython(key_the_digests, migrations.RunPython.noop),
    ]
