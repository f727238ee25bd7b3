"""What a program asked for under an ``Idempotency-Key``, and what it was answered, for a week."""

from django.db import models

from regulator import clock
from regulator.casework.models import Case


class ApiRequest(models.Model):
    """One deed that was done over the API under a key. Asked again, the same answer is given again.

    ``caller`` is the API key or the person (``key:7``, ``person:3``), so that two callers may use the same
    word. ``digest`` is the SHA-256 of method, path and body. ``case`` is that of which the answer tells.
    """

    caller = models.CharField(max_length=40)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="notifications_api_request_once")
        ]
        indexes = [models.Index(fields=["made_at"], name="notifications_api_request_made")]

    def __str__(self) -> str:
        return f"{self.caller}: {self.key}"
