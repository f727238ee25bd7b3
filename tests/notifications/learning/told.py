"""Cases put into the library as the services put them, for tests of the public side."""

from itertools import count
from typing import Any, Final

from notifications.learning.library import Told, put
from notifications.learning.models import PublishedLearning

_NUMBERS: Final = count(1)
TEXTS: Final = {
    "title": "Two lists were open at once",
    "system": "The information system let two lists stand open at once, and showed no name on the second.",
    "what_happened": "An examination was carried out for a person whose list stood open behind another.",
    "actions": "The system opens one list at a time. The pause before an exposure was made part of the list.",
    "learning": "A check that rests on attention fails where the system invites the slip.",
}


def told(**changes: Any) -> Told:
    """Something the library could tell; ``title`` and other texts by name."""
    texts = {name: changes.pop(name, text) for name, text in TEXTS.items()}
    values: dict[str, Any] = {
        "modality": "diagnostic_imaging",
        "sub_modality": "ct",
        "tiers": ("Referrer", "Incorrect referral", "Wrong patient"),
        "equipment": "ct_scanner",
        "themes": ("patient-identification",),
    }
    return Told(texts=texts, **values | changes)


def published(**changes: Any) -> PublishedLearning:
    """One that stands in the library, with a title of its own where none is given."""
    changes.setdefault("title", f"Two lists were open at once, case {next(_NUMBERS)}")
    return put(told(**changes))
