from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0007_work_queue"),
    ]

    operations = [
        migrations.AddField(
            model_name="chainhead",
            name="newest_edition",
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
