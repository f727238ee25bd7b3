"""The pages of the employer's own house, one beside the other. Floors above add theirs."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from regulator.accounts.models import User
from regulator.organisations.models import Employer
from regulator.organisations.policies import may
from regulator.registry import Registry


@dataclass(frozen=True, slots=True)
class HousePage:
    """A page whose route takes the employer's key, for those whose role there carries ``permission``."""

    label: str
    url_name: str
    permission: str


HOUSE: Final[Registry[HousePage]] = Registry("page of the house")
HOUSE.register("people", HousePage("People", "organisations:people", "organisations.keep_people"))
HOUSE.register("sites", HousePage("Sites", "organisations:sites", "organisations.see_sites"))
HOUSE.register("activity", HousePage("Activity", "organisations:activity", "organisations.see_activity"))
HOUSE.register("keys", HousePage("API keys", "organisations:keys", "organisations.make_key"))
HOUSE.register("details", HousePage("Details", "organisations:details", "organisations.keep_details"))


def pages_for(employer: Employer, user: User) -> list[tuple[str, str]]:
    """Label and address of each page that ``user`` may see, in the order of registration. No query."""
    return [
        (page.label, reverse(page.url_name, args=[employer.key]))
        for page in HOUSE.values()
        if may(user, page.permission, employer=employer)
    ]
