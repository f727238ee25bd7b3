"""The reads on notices: each says how many SQL queries it takes."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import OuterRef, Q, QuerySet, Subquery

from enforcement.conditions import withheld
from enforcement.gate.models import Proposal
from enforcement.models import Appeal, Notice
from enforcement.publication import organisation, slug_of
from enforcement.register.models import RegisterEntry
from regulator.casework.models import Case

_AT_ONCE: Final = 1000
_ENDED: Final = (Proposal.State.LAPSED, Proposal.State.RELEASED, Proposal.State.SUPERSEDED)


def notices_of(case: Case) -> QuerySet[Notice]:
    """The notices that rest on an inspection's case, with their cases (one query)."""
    return Notice.objects.filter(inspection=case.pk).select_related("case").order_by("pk")


def arisen_from(sources: Iterable[int]) -> list[Case]:
    """The cases of the notices that rest on the inspections with these primary keys (one query)."""
    arisen = Notice.objects.filter(inspection__in=sources).select_related("case__assignee")
    return [each.case for each in arisen.order_by("pk")]


def appealed() -> Q:
    """Cases of notices against which an appeal is pending."""
    return Q(pk__in=Appeal.objects.filter(disposed_on__isnull=True).order_by().values("notice"))


def on_the_register() -> list[Notice]:
    """The notices whose entry stands on the register, but for those of which nothing could be drawn any more,
    with their employers and sites (one query)."""
    public = Notice.objects.exclude(published_on=None).filter(case__redacted_at=None)
    return list(public.select_related("case__employer", "case__site").order_by("pk"))


def unlike_their_record() -> list[Notice]:
    """The notices on the register whose entry says something else of the employer or the place than their
    record does now. Whether that is to be proposed says ``gate.facts.changed_facts``.

    One query for all that are on the register, and one for each thousand of them.
    """
    notices = on_the_register()
    starts = range(0, len(notices), _AT_ONCE)
    return [each for start in starts for each in _differing(notices[start : start + _AT_ONCE])]


def _differing(notices: Sequence[Notice]) -> list[Notice]:
    """Those whose entry says something else than the record of employer and site (one query)."""
    now = {slug_of(each.case): organisation(each.case) for each in notices}
    names = next(iter(now.values())).keys()
    said = {each["slug"]: each for each in RegisterEntry.objects.filter(slug__in=now).values("slug", *names)}
    return [
        each
        for each in notices
        if (slug := slug_of(each.case)) in said and said[slug] != {"slug": slug, **now[slug]}
    ]


def due_for_publication() -> list[Notice]:
    """The notices whose entry the law allows and that nobody has proposed yet, or whose proposal fell away.

    What was given back waits for a person. One query for those that might be due, and two for each of them:
    what stands in the way is asked of ``enforcement.conditions``, so that the rule is not written twice.
    """
    proposed = Proposal.objects.filter(notice=OuterRef("pk"))
    last = proposed.order_by("-number").values("state")[:1]
    waiting = Notice.objects.awaiting_publication().select_related("case").annotate(last_state=Subquery(last))
    waiting = waiting.filter(Q(last_state=None) | Q(last_state__in=_ENDED))
    waiting = waiting.filter(case__redacted_at=None)  # what would be published of it is gone
    return [notice for notice in waiting.order_by("pk") if not withheld(notice.case, notice)]
