"""The first versions that come with the portal, brought in once for each topic."""

import json
from pathlib import Path
from typing import Final

from django.db import transaction

from notifications.guidance.content import check, read_stored
from notifications.guidance.models import Topic, Turn, Version
from regulator import clock

FILE: Final = Path(__file__).resolve().parent.parent / "data" / "topics.json"


def load_first_topics(path: Path = FILE) -> int:
    """Bring in each topic of the file that the portal does not have; answers how many.

    It holds from today. One that is there already is left alone, whatever the file says now: what it says is
    then for two people to decide. Raises ``ValidationError`` for a topic that could not be shown.
    """
    rows = json.loads(path.read_text(encoding="utf-8"))["topics"]
    with transaction.atomic():
        known = set(Topic.objects.values_list("slug", flat=True))
        missing = [row for row in rows if row["slug"] not in known]
        for row in missing:
            content = read_stored(row, clock.today())
            check(content, first=True)
            now = clock.now()
            Version.objects.create(
                topic=Topic.objects.create(slug=row["slug"]),
                number=1,
                shipped=True,
                state=Version.State.APPROVED,
                decided_at=now,
                published_at=now,
                **content.values(),
            )
            Turn.objects.create(at=now)
    return len(missing)
