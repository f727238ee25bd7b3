"""``manage.py build_frontend``: the npm packages, the styles and the scripts."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from regulator.frontend.build import BuildError, build


class Command(BaseCommand):
    help = "Builds the styles and scripts of the pages; does nothing when they are up to date."
    requires_system_checks = ()  # the build must work before anything else is set up

    def handle(self, *args: object, **options: object) -> None:
        try:
            build(project=Path(settings.BASE_DIR), target=Path(settings.FRONTEND_DIR), say=self.stdout.write)
        except BuildError as refusal:
            raise CommandError(str(refusal)) from refusal
