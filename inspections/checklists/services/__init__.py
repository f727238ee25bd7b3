"""The writes on checklists and notes: one function for each thing that an inspector does."""

from inspections.checklists.services.answering import Given, Taken, answer_items
from inspections.checklists.services.finding import record_item_finding
from inspections.checklists.services.noting import record_note
from inspections.checklists.services.opening import open_checklist

__all__ = ["Given", "Taken", "answer_items", "open_checklist", "record_item_finding", "record_note"]
