import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0012_redaction"),
        ("notifications", "0012_patterns"),
    ]

    operations = [
        migrations.AddField(
            model_name="apirequest",
            name="case",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="casework.case",
            ),
        ),
    ]
