"""What the yearly figures read of a notification, in an index: the long texts beside it are not touched."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0013_week"),
        ("notifications", "0013_answers_of_a_case"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("basis", "statutory")),
                fields=["case", "sub_modality", "cqc_cause"],
                name="notifications_counted",
            ),
        ),
    ]
