"""``manage.py invite_staff EMAIL NAME --role ROLE``: the first administrator of a new portal, or a lost last
one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from regulator.accounts.actors import Scheduled
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.errors import Refused
from regulator.people.services import invite


class Command(BaseCommand):
    help = "Invite somebody to CQC's staff: a link that works once goes to their address. Recorded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument(
            "--role", choices=sorted(STAFF_ROLES), default=Role.ADMINISTRATOR.value, metavar="ROLE"
        )
        parser.add_argument("--reason", default="Invited at the command line.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            invite(
                name=options["name"],
                email=options["email"],
                role=Role(options["role"]),
                reason=options["reason"],
                by=Scheduled("invite_staff"),
            )
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from wrong
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write("The invitation is in the outbox.")
