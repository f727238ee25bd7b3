"""``manage.py load_reference_data``: provisions, criteria, the taxonomy and the first guidance, from the
project's own files."""

from typing import Any

from django.core.management.base import BaseCommand

from notifications.guidance.services import load_first_topics
from notifications.services import load_reference
from regulator.legislation.services import load_provisions


class Command(BaseCommand):
    help = "Bring the reference data in step with the files that ship with the project. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = {"provisions": load_provisions(), **load_reference(), "guidance": load_first_topics()}
        for what, written in counts.items():
            self.stdout.write(f"{what.replace('_', ' ')}: {written} written")
