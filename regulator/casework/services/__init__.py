"""The writes on any kind of case. Keyword-only; each is one transaction that appends its event."""

from regulator.casework.services.attachments import ReadFile, attach, read_file, remove_attachment
from regulator.casework.services.cases import assign, changing, mint_reference, move, open_case
from regulator.casework.services.handing_over import hand_over
from regulator.casework.services.holders import refuse_holder
from regulator.casework.services.identifiers import IdentifiersFound, Placed, refuse_identifiers
from regulator.casework.services.interests import (
    Declared,
    change_interest,
    declare_interest,
    end_interest,
)
from regulator.casework.services.linking import link_cases, unlink_cases
from regulator.casework.services.notes import add_note
from regulator.casework.services.opening import break_glass, record_view
from regulator.casework.services.referring import correct_referral, record_reply, refer
from regulator.casework.services.requests import answer_request, request_information
from regulator.casework.services.restricting import inherit, lift, name_people, restrict
from regulator.casework.services.reviewing import sign_week

__all__ = [
    "Declared",
    "IdentifiersFound",
    "Placed",
    "ReadFile",
    "add_note",
    "answer_request",
    "assign",
    "attach",
    "break_glass",
    "change_interest",
    "changing",
    "correct_referral",
    "declare_interest",
    "end_interest",
    "hand_over",
    "inherit",
    "lift",
    "link_cases",
    "mint_reference",
    "move",
    "name_people",
    "open_case",
    "read_file",
    "record_reply",
    "record_view",
    "refer",
    "refuse_holder",
    "refuse_identifiers",
    "remove_attachment",
    "request_information",
    "restrict",
    "sign_week",
    "unlink_cases",
]
