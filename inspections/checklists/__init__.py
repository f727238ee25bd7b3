"""Checklists and notes of an inspection on site: ready lists as versioned data, answers that are kept however
they arrive, and what was said and seen.

The employer sees none of it. How answers outlive a dropped connection: docs/decisions/0022.
"""
