"""``manage.py create_api_key EMPLOYER E-MAIL LABEL [--scope write]``: prints the secret, this once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from regulator.accounts.actors import Scheduled
from regulator.organisations.models import ApiKey, Membership
from regulator.organisations.services import create_api_key


class Command(BaseCommand):
    help = "Make an API key with which an employer's system acts as one of the employer's people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("employer", help="the employer's key")
        parser.add_argument("email", help="of the person for whom the system acts")
        parser.add_argument("label", help="which system will use it")
        parser.add_argument("--scope", choices=ApiKey.Scope.values, default=ApiKey.Scope.READ)

    def handle(self, *args: Any, **options: Any) -> None:
        membership = Membership.objects.filter(
            employer__key=options["employer"],
            user__email__iexact=options["email"],
            user__is_active=True,
            user__role="",
            ended_at__isnull=True,
        ).first()
        if membership is None:
            raise CommandError("Nobody with this e-mail address acts for this employer.")
        _, secret = create_api_key(
            membership=membership,
            label=options["label"],
            scope=ApiKey.Scope(options["scope"]),
            by=Scheduled("create_api_key"),
        )
        self.stdout.write(secret)
