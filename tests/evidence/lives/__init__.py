"""Whole lives of cases, deed by deed: what can be done to each kind, and a walk that does it at random."""

from typing import Final

from tests.evidence.lives.concern import LifeOfAConcern
from tests.evidence.lives.inspection import LifeOfAnInspection
from tests.evidence.lives.life import Deed, Life, walk
from tests.evidence.lives.notice import LifeOfANotice
from tests.evidence.lives.notification import LifeOfANotification

__all__ = [
    "LIVES",
    "Deed",
    "Life",
    "LifeOfAConcern",
    "LifeOfANotice",
    "LifeOfANotification",
    "LifeOfAnInspection",
    "walk",
]

LIVES: Final[dict[str, type[Life]]] = {
    "notification": LifeOfANotification,
    "inspection": LifeOfAnInspection,
    "notice": LifeOfANotice,
    "concern": LifeOfAConcern,
}
