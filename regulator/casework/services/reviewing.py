"""Reviewing who looked at restricted cases: each week signed by somebody who did not look, or reminded of."""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.queries import staff_with
from regulator.casework import letters
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.identifiers import find
from regulator.casework.models import WeekReview
from regulator.casework.reviews import digest_of, unreviewed, viewers_in
from regulator.casework.weeks import is_over, weeks_since
from regulator.casework.wording import as_text
from regulator.organisations.policies import permit

REMINDER: Final = Scheduled("casework.remind_of_views")


def sign_week(*, week: date, by: User, remark: str = "") -> WeekReview:
    """Sign that the views of the week that began on the Monday ``week`` were looked through.

    The chain keeps how many there were and their digest, so that a row taken away later would show. Raises
    ``NotPermitted``; ``NotAllowedNow`` for a week that is not over, in which nobody looked, which somebody
    signed before, or in which ``by`` looked; ``ValidationError`` for a remark that names a person.
    """
    permit(by, "casework.review_views")
    with writing():
        if refusal := signing_refusal(week, by):
            raise NotAllowedNow(refusal)
        if find(remark):
            raise ValidationError({"remark": "Write it without a name, a number or an address of a person."})
        views, sha256 = digest_of(week)
        payload = {"week": week.isoformat(), "views": views, "sha256": sha256}
        event = append("casework.views_reviewed", case=None, by=by, payload=payload, text=remark.strip())
        return WeekReview.objects.create(week=week, signed_by=by, signed_at=clock.now(), event=event)


def signing_refusal(week: date, by: User) -> str:
    """Why ``by`` may not sign a week now; ``""`` where they may. Two queries."""
    if not is_over(week, today=clock.today()):
        return "The week is not over yet."
    signed = WeekReview.objects.filter(week=week).select_related("signed_by").first()
    if signed is not None:
        return f"{signed.signed_by} signed this week already, on {as_text(signed.signed_at)}."
    viewers = viewers_in(week)
    if not viewers:
        return "Nobody opened a restricted case in that week."
    if by.pk in viewers:
        return "You opened a restricted case in that week, so somebody else must sign it."
    return ""


def remind() -> int:
    """Write to those who may sign each week that is over and unsigned; answers how many weeks there were.

    Once in the week after it, and once in each week that follows. Not to those who looked themselves, unless
    there is nobody else: then to all, who must find somebody. Safe to repeat.
    """
    permit(REMINDER, "casework.remind_of_views")
    waiting = list(unreviewed())
    reviewers = staff_with("casework.review_views") if waiting else []
    for each in waiting:
        with writing():
            viewers = viewers_in(each["week"])
            others = [person for person in reviewers if person.pk not in viewers]
            letters.remind_of_views(
                each["week"],
                views=each["views"],
                to=others or reviewers,
                nobody_left=not others,
                number=weeks_since(each["week"], today=clock.today()),
            )
    return len(waiting)
