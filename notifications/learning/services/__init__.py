"""The writes on learning cases: writing, proposing, giving back, publishing, withdrawing. Each is one
transaction, and its event stands on the chain of the notification's case."""

from notifications.learning.services.deciding import approve_learning, return_learning
from notifications.learning.services.withdrawing import withdraw_learning, withdraw_published
from notifications.learning.services.writing import discard_learning, propose_learning, write_learning

__all__ = [
    "approve_learning",
    "discard_learning",
    "propose_learning",
    "return_learning",
    "withdraw_learning",
    "withdraw_published",
    "write_learning",
]
