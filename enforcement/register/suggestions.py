"""Words of the register that are close to one that is not on it."""

from difflib import get_close_matches
from typing import Final

from django.db import connection
from django.db.models.functions import Length

from enforcement.register.models import Word

MOST_COMPARED: Final = 2_000
MOST_SUGGESTED: Final = 3
_CLOSE: Final = 0.7
_SHORTEST: Final = 4


def close_to(word: str) -> list[str]:
    """At most three words that were perhaps meant, the closest first (one query).

    PostgreSQL finds them by the threes of letters that they share; elsewhere those are compared that begin
    alike, so that a wrong first letter is not found out.
    """
    if len(word) < _SHORTEST:
        return []
    known = Word.objects.all()
    if connection.vendor == "postgresql":
        near = known.extra(where=["word !~ '[0-9_]'", "word %% %s"], params=[word])
    else:
        near = known.filter(word__startswith=word[0]).annotate(size=Length("word"))
        near = near.filter(size__gte=len(word) - 2, size__lte=len(word) + 2).order_by("-entries")
    compared = list(near.values_list("word", flat=True)[:MOST_COMPARED])
    return get_close_matches(word, compared, n=MOST_SUGGESTED, cutoff=_CLOSE)
