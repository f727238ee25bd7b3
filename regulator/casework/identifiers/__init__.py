"""Finding what could identify a person in free text: pure, and linear in the text's length.

What may be done about a finding is ``casework.services.identifiers``' to say.
"""

from regulator.casework.identifiers.finding import Finding, Kind, find
from regulator.casework.identifiers.lookalikes import BLANKS, alike

__all__ = ["BLANKS", "Finding", "Kind", "alike", "find"]
