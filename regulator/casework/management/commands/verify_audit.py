"""``manage.py verify_audit``: prove that no recorded event was altered, removed or slipped in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regulator.casework.chain import first_broken_link
from regulator.casework.models import Event


class Command(BaseCommand):
    help = "Walk the chain of events; exit 0 where it is intact, 1 naming the first broken event."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = first_broken_link()
        if broken:
            raise CommandError(f"The chain is broken at event {broken.sequence}: {broken.why}.", returncode=1)
        self.stdout.write(f"The chain is intact: {Event.objects.count()} events.")
