"""``manage.py rebuild_search``: make the search over cases anew, while people work."""

from typing import Any

from django.core.management.base import BaseCommand

from regulator.casework.models import CaseText
from regulator.casework.search.following import rebuild


class Command(BaseCommand):
    help = "Write anew what can be found of every case. Safe to repeat; nothing else changes."

    def handle(self, *args: Any, **options: Any) -> None:
        looked_at = sum(rebuild())
        self.stdout.write(f"{looked_at} cases looked at; {CaseText.objects.count()} can be found.")
