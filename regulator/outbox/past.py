"""What the outbox tells of a case's past: the letters that had left, and those that never could."""

from regulator.casework.evidence.letters import LETTERS, Letter
from regulator.casework.evidence.past import CHAPTERS, Chapter, State, Told, day_of
from regulator.casework.models import Case
from regulator.outbox.models import Message


def contribute() -> None:
    CHAPTERS.register("outbox", Chapter(take, start, present=present))
    LETTERS.register("outbox", as_they_left)


def start(case: Case) -> State:
    return {"letters": []}


def take(state: State, told: Told) -> None:
    """A letter is on record once it left. To whom, and what it said, its own row keeps as it left."""
    if told.type == "outbox.sent":
        row = {"letter": told.payload["message"], "template": told.payload["letter"], "sent_on": told.day}
        state["letters"].append(row)
        state["letters"].sort(key=lambda each: each["letter"])


def present(case: Case) -> State:
    sent = case.messages.filter(state=Message.State.SENT).order_by("pk")
    return {
        "letters": [
            {
                "letter": each.pk,
                "template": each.template,
                "sent_on": day_of(each.sent_at) if each.sent_at else None,
            }
            for each in sent
        ]
    }


def as_they_left(case: Case, state: State) -> list[Letter]:
    """The letters that had left by then, in their order (one query)."""
    keys = [each["letter"] for each in state["letters"]]
    return [
        Letter(
            each.subject,
            each.to,
            each.sent_at,
            f"{each.template}, version {each.template_version}",
            each.body,
        )
        for each in case.messages.filter(pk__in=keys).order_by("sent_at", "pk")
    ]
