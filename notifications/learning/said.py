"""What a revision of a learning case says, in words for the desk: label and value, the texts last."""

from notifications.learning.doubts import profile_of, texts_of
from notifications.learning.equipment import LABELS
from notifications.learning.lifecycle import LIFECYCLE
from notifications.learning.models import LearningCase
from notifications.learning.themes import label_of
from notifications.models import SubModality

_TEXTS = {
    "title": "Title",
    "system": "What in the system let it happen",
    "what_happened": "What happened",
    "actions": "Actions taken",
    "learning": "Learning",
}


def filed(learning: LearningCase) -> list[tuple[str, str]]:
    """How it is filed (no query once its cause is read)."""
    profile = profile_of(learning)
    kind = str(SubModality(profile.sub_modality).label) if profile.sub_modality else "Not told"
    return [
        ("Modality", learning.get_modality_display()),
        ("Kind within it", kind),
        ("Cause", " > ".join(profile.tiers) or "Not told"),
        ("Equipment", LABELS.get(profile.equipment, "Not told")),
        ("Themes", ", ".join(map(label_of, profile.themes)) or "None"),
    ]


def said(learning: LearningCase | None) -> list[tuple[str, str]]:
    """All that somebody decides on who proposes, publishes, gives back, gives up or withdraws it; nothing of
    none (no query once its cause is read)."""
    if learning is None:
        return []
    texts = texts_of(learning)
    return [
        ("Revision", f"{learning.number}: {LIFECYCLE.label(learning.state).lower()}"),
        ("Given back, to do", learning.returned_why),
        ("The writer’s reason why it may be public", learning.doubts_reason),
        *filed(learning),
        *((label, texts[name]) for name, label in _TEXTS.items()),
    ]
