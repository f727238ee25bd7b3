"""Inspections: planning and announcing them, what was found, feedback, action plans."""
