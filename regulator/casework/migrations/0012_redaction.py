from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0011_referrals"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="redacted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
