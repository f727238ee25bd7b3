"""A person's own view of the work queue: its filters and order under a name. ``models`` takes the table
in."""

from django.conf import settings
from django.db import models

from regulator import clock

LONGEST_NAME = 80


class SavedView(models.Model):
    """One address of the queue that somebody kept. Nobody else sees it.

    ``kind`` is the list that it belongs to (``""``: all kinds), ``asked`` its filters and order by the names
    that stand in the address. At most one of a person's views is the one that the queue opens with.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=LONGEST_NAME)
    kind = models.CharField(max_length=20, blank=True)
    asked = models.JSONField(default=dict)
    is_default = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="casework_view_name_once_per_person"),
            models.UniqueConstraint(
                fields=["owner"],
                condition=models.Q(is_default=True),
                name="casework_view_one_default_per_person",
            ),
        ]

    def __str__(self) -> str:
        return self.name
