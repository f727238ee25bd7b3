"""Concerns on the desk: their page, and recording one."""

from inspections.concerns.desk.page import PAGE

__all__ = ["PAGE"]
