"""The writes on any kind of case. Keyword-only; each is one transaction that appends its event."""

from regulator.casework.services.attachments import attach, remove_attachment
from regulator.casework.services.cases import assign, changing, mint_reference, move, open_case
from regulator.casework.services.handing_over import hand_over
from regulator.casework.services.identifiers import IdentifiersFound, Placed, refuse_identifiers
from regulator.casework.services.notes import add_note
from regulator.casework.services.requests import answer_request, request_information

__all__ = [
    "IdentifiersFound",
    "Placed",
    "add_note",
    "answer_request",
    "assign",
    "attach",
    "changing",
    "hand_over",
    "mint_reference",
    "move",
    "open_case",
    "refuse_identifiers",
    "remove_attachment",
    "request_information",
]
