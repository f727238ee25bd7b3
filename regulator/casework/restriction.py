"""Restricted cases: who may open one, under which right, and who looked. ``models`` takes the tables in.

The one rule is ``open_to``. Lists ask it through ``Case.objects.for_user``, a case in hand through
``visibility.may_see``; nothing else decides who sees a restricted case.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from regulator import clock
from regulator.accounts.models import User
from regulator.organisations.models import Interest

_USER = settings.AUTH_USER_MODEL


def open_to(user: User) -> Q:
    """The cases that no restriction keeps from ``user``, a member of staff: those that are not restricted,
    and those that they may open now, by name or by breaking the glass. Whoever has declared an interest in
    the employer opens no restricted case of it.

    A condition on cases. Its subqueries do not depend on the case, so the database runs each at most once for
    a list; correlated ones made PostgreSQL expect so much work that it compiled the query first.
    """
    may_open = Access.objects.standing().filter(person=user.pk).order_by().values("case")
    interests = Interest.objects.current().filter(person=user.pk).order_by().values("employer")
    return Q(is_restricted=False) | (Q(pk__in=may_open) & ~Q(employer__in=interests))


class Restriction(models.Model):
    """That a case is restricted, since when and by whom; at most one stands on a case. Lifted, never removed.

    ``Case.is_restricted`` says in the same transaction that one stands. Why is the text of ``event``.
    """

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="restrictions")
    event = models.OneToOneField("casework.Event", on_delete=models.PROTECT, related_name="+")
    restricted_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    restricted_at = models.DateTimeField(default=clock.now, editable=False)
    lifted_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "restricted case"
        ordering = ["-restricted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(lifted_at__isnull=True), name="casework_restriction_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("restricted_at")),
                name="casework_restriction_lifted_after",
            ),
        ]

    def __str__(self) -> str:
        return f"Restriction of {self.case}"


class AccessQuerySet(models.QuerySet["Access"]):
    def standing(self) -> "AccessQuerySet":
        """Those that open the case now: not ended, and their time not over."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=clock.now()), ended_at__isnull=True)

    def told(self) -> "AccessQuerySet":
        """With all that is said of them: whose, given by which event and why, under which restriction."""
        return self.select_related("person", "event__typed", "restriction__event__typed").select_related(
            "restriction__restricted_by"
        )


class Access(models.Model):
    """That somebody may open a restricted case: because they are named, or for hours because they broke the
    glass. Ended, never removed; ``event`` is the one that gave it, and holds why. ``case`` is that of the
    restriction, so that a list of cases asks without a join.
    """

    class Right(models.TextChoices):
        NAMED = "named", "Named"
        GLASS = "glass", "Broke the glass"

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="accesses")
    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="accesses")
    person = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    right = models.CharField(max_length=10, choices=Right)
    event = models.ForeignKey("casework.Event", on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=clock.now, editable=False)
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[AccessQuerySet] = AccessQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["person__name", "pk"]
        indexes = [
            models.Index(
                fields=["person", "case"], condition=Q(ended_at__isnull=True), name="casework_access_standing"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"],
                condition=Q(right="named", ended_at__isnull=True),
                name="casework_access_named_once",
            ),
            models.CheckConstraint(
                condition=Q(right="named", until__isnull=True) | Q(right="glass", until__isnull=False),
                name="casework_access_glass_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_right_display().lower()}"


class RestrictedView(models.Model):
    """That somebody looked at a restricted case or at a file on it. Only ever appended
    (``casework.triggers``).

    ``what`` is the name of the page's route, ``path`` its address; ``access`` the right under which it was
    opened; ``week`` the Monday, in London, of the week in which it is reviewed.
    """

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="restricted_views")
    person = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    access = models.ForeignKey(Access, on_delete=models.PROTECT, related_name="views")
    what = models.CharField(max_length=80)
    path = models.CharField(max_length=200)
    viewed_at = models.DateTimeField()
    week = models.DateField(db_index=True)

    class Meta:
        ordering = ["viewed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.person} at {self.path}"


class WeekReview(models.Model):
    """That the views of one week were reviewed, and signed by somebody who is not among the viewers.

    The chain keeps how many there were and the digest of them (``event``); the remark is its text.
    """

    week = models.DateField(unique=True)
    signed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=clock.now, editable=False)
    event = models.OneToOneField("casework.Event", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "week of views"
        verbose_name_plural = "weeks of views"
        ordering = ["-week"]

    def __str__(self) -> str:
        return f"Week of {self.week:%d %B %Y}"
