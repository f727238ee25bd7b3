"""What the database itself holds of the lifecycle. Apart from 0004, whose rows must be written first."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("inspections", "0004_lifecycle")]

    operations = [
        migrations.AddConstraint(
            "finding",
            models.CheckConstraint(
                condition=Q(final_on__isnull=True) | Q(final_on__gte=F("fed_back_on")),
                name="inspections_finding_final_after_feedback",
            ),
        ),
        migrations.AddConstraint(
            "inspection",
            models.CheckConstraint(
                condition=Q(final_on__isnull=True) | Q(final_on__gte=F("visited_on")),
                name="inspections_inspection_final_after_visit",
            ),
        ),
        migrations.AddConstraint(
            "inspection",
            models.CheckConstraint(
                condition=(Q(trigger="themed") & ~Q(theme="")) | (~Q(trigger="themed") & Q(theme="")),
                name="inspections_inspection_theme_of_the_themed",
            ),
        ),
        migrations.AddConstraint(
            "inspection",
            models.CheckConstraint(
                condition=~Q(trigger="follow_up") | Q(arose_from__isnull=False),
                name="inspections_inspection_follows_up_another",
            ),
        ),
    ]
