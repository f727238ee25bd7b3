"""The writes on questionnaires: one function for each thing that a person does."""

from inspections.questionnaires.services.answering import save_answers, submit_questionnaire
from inspections.questionnaires.services.deciding import accept_questionnaire, return_questionnaire
from inspections.questionnaires.services.sending import (
    not_sendable,
    send_questionnaire,
    withdraw_questionnaire,
)

__all__ = [
    "accept_questionnaire",
    "not_sendable",
    "return_questionnaire",
    "save_answers",
    "send_questionnaire",
    "submit_questionnaire",
    "withdraw_questionnaire",
]
