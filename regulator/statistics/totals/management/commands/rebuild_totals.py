"""``manage.py rebuild_totals``: count every case anew, while people work, and say which totals were wrong."""

from typing import Any

from django.core.management.base import BaseCommand

from regulator.statistics.totals.following import recount
from regulator.statistics.totals.models import CountedCase


class Command(BaseCommand):
    help = "Count every case anew for the public totals, and say what differed. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        differed = recount()
        for (series, month, modality, dimension, value), number in sorted(differed.items()):
            named = " / ".join(filter(None, (series, f"{month:%Y-%m}", modality, dimension, value)))
            self.stdout.write(f"{named}: {number:+}")
        cases = CountedCase.objects.count()
        self.stdout.write(f"{cases} cases count; {len(differed)} totals were put right.")
