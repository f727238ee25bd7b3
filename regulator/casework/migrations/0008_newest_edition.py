from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0006_restricted_cases"),
    ]

    operations = [
        migrations.AddField(
            model_name="chainhead",
            name="newest_edition",
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
