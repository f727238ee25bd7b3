"""What organisations contribute to the frame of every page."""

from django.apps import AppConfig
from django.http import HttpRequest


def _of_an_employer(request: HttpRequest) -> bool:
    from regulator.accounts.policies import needs

    return needs("organisations.see_sites").allows(request.user)


class OrganisationsConfig(AppConfig):
    name = "regulator.organisations"
    verbose_name = "Organisations"

    def ready(self) -> None:
        from regulator.frontend.navigation import NAVIGATION, Audience, Entry
        from regulator.organisations.desk_page import contribute

        contribute()
        employers = frozenset({Audience.EMPLOYER})
        NAVIGATION.register(
            "organisation", Entry("Your organisation", "organisations:home", employers, 50, _of_an_employer)
        )
