"""The writes on organisations: who acts for an employer, its details and rules, its sites, its activity, and
API keys."""

from regulator.organisations.services.activity import Unconfirmed, file_returns, record_activity
from regulator.organisations.services.activity_reminders import remind_of_activity
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
    "Unconfirmed",
    "accept_as",
    "accept_with_password",
    "add_member",
    "add_site",
    "cancel_invitation",
    "change_role",
    "change_site",
    "create_api_key",
    "end_access",
    "file_returns",
    "invite",
    "record_activity",
    "remind_of_activity",
    "resend",
    "revoke_api_key",
    "set_chief_executive_email",
    "set_open",
    "set_sign_off_rule",
]
