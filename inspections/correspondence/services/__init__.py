"""The writes on correspondence: one function for each thing that a person does."""

from inspections.correspondence.services.answering import answer_point
from inspections.correspondence.services.commenting import remove_point, save_point, send_comments
from inspections.correspondence.services.deciding import approve_letter, reject_letter
from inspections.correspondence.services.preparing import prepare_letter

__all__ = [
    "answer_point",
    "approve_letter",
    "prepare_letter",
    "reject_letter",
    "remove_point",
    "save_point",
    "send_comments",
]
