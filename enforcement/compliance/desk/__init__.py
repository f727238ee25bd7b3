"""What the staff desk shows and offers of an employer's answers to a notice."""

from enforcement.compliance.desk.page import ON_NOTICES

__all__ = ["ON_NOTICES"]
