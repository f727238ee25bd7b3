"""``manage.py rebuild_register_index``: what entries are found by, and the index, made anew."""

from typing import Any

from django.core.management.base import BaseCommand

from enforcement.register.rebuilding import rebuild


class Command(BaseCommand):
    """Needed only if the derived tables were harmed: the register keeps them in step by itself."""

    help = "Make anew what entries of the register are found by, and its index."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild()} entries.")
