"""``manage.py load_demonstration``: the sign-ins of every role, and some current notifications."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from enforcement.demonstration import ensure_demonstration
from regulator.accounts.demonstration import PASSWORD


class Command(BaseCommand):
    help = "Make the demonstration's sign-ins and cases; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sign_ins = ensure_demonstration()
        except ImproperlyConfigured as refused:
            raise CommandError(str(refused)) from None
        if options["verbosity"]:
            for each in sign_ins:
                self.stdout.write(f"{each.role_label:<20} {each.email:<48} {each.where}")
            self.stdout.write(f"Password of all: {PASSWORD}")
