"""The writes on organisations: who acts for an employer, its details and rules, its sites, and API keys."""

from regulator.organisations.services.details import set_chief_executive_email, set_sign_off_rule
from regulator.organisations.services.invitations import (
    accept_as,
    accept_with_password,
    cancel_invitation,
    invite,
    resend,
)
from regulator.organisations.services.keys import MadeAlready, create_api_key, revoke_api_key
from regulator.organisations.services.members import add_member, change_role, end_access
from regulator.organisations.services.sites import SiteDetails, add_site, change_site, set_open

__all__ = [
    "MadeAlready",
    "SiteDetails",
    "accept_as",
    "accept_with_password",
    "add_member",
    "add_site",
    "cancel_invitation",
    "change_role",
    "change_site",
    "create_api_key",
    "end_access",
    "invite",
    "resend",
    "revoke_api_key",
    "set_chief_executive_email",
    "set_open",
    "set_sign_off_rule",
]
