"""The writes on organisations: who acts for an employer, its rules, its sites, and API keys."""

from regulator.organisations.services.details import set_sign_off_rule
from regulator.organisations.services.keys import create_api_key, revoke_api_key
from regulator.organisations.services.members import add_member, change_role, end_access
from regulator.organisations.services.sites import SiteDetails, add_site, change_site, set_open

__all__ = [
    "SiteDetails",
    "add_member",
    "add_site",
    "change_role",
    "change_site",
    "create_api_key",
    "end_access",
    "revoke_api_key",
    "set_open",
    "set_sign_off_rule",
]
