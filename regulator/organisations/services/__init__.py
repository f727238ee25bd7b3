"""The writes on organisations: who acts for an employer, and API keys."""

from regulator.organisations.services.keys import create_api_key, revoke_api_key
from regulator.organisations.services.members import add_member, change_role, end_access

__all__ = ["add_member", "change_role", "create_api_key", "end_access", "revoke_api_key"]
