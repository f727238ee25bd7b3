"""Redaction: a closed case is emptied of what people typed, sent and filed, and keeps its facts.

``kinds`` says what an app contributes, ``removing`` how rows and files go, ``emptying`` puts it together, and
``own`` holds what casework itself removes. Which cases are due, and who approves, is not decided here. See
docs/decisions/0018.
"""

from regulator.casework.redaction.emptying import redact, standing
from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group, Redactor

__all__ = ["REDACTORS", "REMOVED", "Group", "Redactor", "redact", "standing"]
