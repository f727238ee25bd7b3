"""``manage.py reset_second_step EMAIL``: for the administrator whom no other administrator can help."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.casework.errors import Refused
from regulator.people.services import reset_factors


class Command(BaseCommand):
    help = "Take away somebody's second step of signing in; they set up another. Recorded, and told to them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", default="Reset at the command line.")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=str(options["email"]).lower()).first()
        if person is None:
            raise CommandError("Nobody signs in with this address.")
        try:
            reset_factors(
                person=person, reason=options["reason"], by=Scheduled("reset_second_step"), version=None
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write("The second step was taken away.")
