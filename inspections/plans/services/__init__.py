"""The writes on action plans: one function for each thing that a person does."""

from inspections.plans.services.acting import add_evidence, ask_cancel, ask_more_time, finish_action
from inspections.plans.services.answering import (
    add_action,
    answer_finding,
    change_action,
    remove_action,
    submit_plan,
)
from inspections.plans.services.deciding import accept_plan, return_plan
from inspections.plans.services.judging import (
    agree_cancel,
    confirm_action,
    grant_more_time,
    refuse_cancel,
    refuse_more_time,
    reopen_action,
)

__all__ = [
    "accept_plan",
    "add_action",
    "add_evidence",
    "agree_cancel",
    "answer_finding",
    "ask_cancel",
    "ask_more_time",
    "change_action",
    "confirm_action",
    "finish_action",
    "grant_more_time",
    "refuse_cancel",
    "refuse_more_time",
    "remove_action",
    "reopen_action",
    "return_plan",
    "submit_plan",
]
