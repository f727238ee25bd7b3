"""The writes on people: inviting, roles, leaving, second factors, sessions. Each is one transaction."""

from regulator.people.services.factors import note_factor, reset_factors
from regulator.people.services.invitations import accept, cancel, invite, resend
from regulator.people.services.leaving import HandingOver, deactivate, hand_over_cases, reactivate
from regulator.people.services.roles import change_details, give_role
from regulator.people.services.sessions import end_other_sessions, end_own_session, end_sessions

__all__ = [
    "HandingOver",
    "accept",
    "cancel",
    "change_details",
    "deactivate",
    "end_other_sessions",
    "end_own_session",
    "end_sessions",
    "give_role",
    "hand_over_cases",
    "invite",
    "note_factor",
    "reactivate",
    "resend",
    "reset_factors",
]
