"""The rows that search looks in, and how far they follow the chain. ``casework.models`` takes them in.

What the database adds to them, its own index of their words, is ``sqlite``'s and ``postgresql``'s. On SQLite
that hangs on triggers, which a migration that alters ``CaseText`` must put back (``engine().install``).
"""

from django.db import models


class CaseText(models.Model):
    """What can be found of one case that staff see; a case that they do not see has none.

    ``names`` holds the reference, the employer and the site, to be found by any part of them; ``words`` holds
    these and every text, as words alone. Both are folded (``words.fold``). ``sha256`` tells whether anything
    changed; ``employer`` and ``site`` are the names as they were when it was written.
    """

    case = models.OneToOneField(
        "casework.Case", primary_key=True, on_delete=models.CASCADE, related_name="search_text"
    )
    names = models.TextField()
    words = models.TextField()
    employer = models.CharField(max_length=250)
    site = models.CharField(max_length=250, blank=True)
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"What can be found of case {self.case_id}"


class SearchMark(models.Model):
    """How far the index has come: one row.

    Every event up to ``followed_to`` is in it, and every employer and site renamed before ``renames_to``.
    """

    followed_to = models.PositiveBigIntegerField(default=0)
    renames_to = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Up to event {self.followed_to}"
