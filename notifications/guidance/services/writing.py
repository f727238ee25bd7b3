"""Writing a version of a guidance page, until it is sent to a second person. Each deed is recorded."""

from collections.abc import Callable
from typing import Any, Final

from django.utils.text import slugify

from notifications.guidance.content import Content, check
from notifications.guidance.models import Topic, Version
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.organisations.policies import permit

READ: Final = "guidance.read"
WRITE: Final = "guidance.write"
APPROVE: Final = "guidance.approve"


def begin_topic(*, content: Content, by: User) -> Version:
    """Begin a new topic with the draft of its first version. Its address is made from the title, once.

    Raises ``NotPermitted``; ``ValidationError`` by field (``content.check``).
    """
    with writing():
        permit_now(by, WRITE)
        check(content, first=True)
        return _begin(Topic.objects.create(slug=_free_slug(content.title)), content, by)


def begin_version(*, topic: Topic, content: Content, by: User) -> Version:
    """Begin the next version of a topic, or its withdrawal.

    Raises ``NotPermitted``; ``NotAllowedNow`` while another one is open, and for the withdrawal of what is
    withdrawn or was never shown; ``ValidationError`` by field.
    """
    with writing():
        permit_now(by, WRITE)
        held = Topic.objects.select_for_update().get(pk=topic.pk)
        if held.versions.filter(state__in=Version.OPEN).exists():
            raise NotAllowedNow("Another version of this topic is being written, or waits for approval.")
        last = _last_approved(held)
        if content.withdraws and (last is None or last.withdraws):
            raise NotAllowedNow("There is nothing to withdraw: the topic is not shown.")
        check(content, first=last is None)
        return _begin(held, content, by)


def change(*, draft: Version, content: Content, by: User, version: int) -> Version:
    """Put other words into a draft. Whoever does so is one of its writers from then on.

    Raises ``NotPermitted``, ``StaleVersion``; ``NotAllowedNow`` for one that was sent or decided on;
    ``ValidationError`` by field.
    """

    def deed(held: Version) -> None:
        only_in(held, Version.State.DRAFT)
        if content.withdraws != held.withdraws:
            raise NotAllowedNow("A version stays a withdrawal, or no withdrawal.")
        check(content, first=_last_approved(held.topic) is None)
        for name, value in content.values().items():
            setattr(held, name, value)
        held.writers.add(by)

    return decided(draft, by, version, WRITE, "changed", deed)


def send(*, draft: Version, by: User, version: int) -> Version:
    """Ask for a second person's approval. Nobody changes it meanwhile.

    Raises ``NotPermitted``, ``StaleVersion``; ``NotAllowedNow`` for one that is no draft.
    """

    def deed(held: Version) -> None:
        only_in(held, Version.State.DRAFT)
        held.state, held.given_back_because = Version.State.SENT, ""

    return decided(draft, by, version, WRITE, "sent", deed)


def take_back(*, draft: Version, by: User, version: int) -> Version:
    """Make a draft again of what one sent oneself, before anybody decides.

    Raises ``NotPermitted``, ``StaleVersion``; ``NotAllowedNow`` for one that was not sent, and for anybody
    who did not write it.
    """

    def deed(held: Version) -> None:
        only_in(held, Version.State.SENT)
        if not held.writers.filter(pk=by.pk).exists():
            raise NotAllowedNow("Others wrote this. Give it back instead.")
        held.state = Version.State.DRAFT

    return decided(draft, by, version, WRITE, "taken_back", deed)


def discard(*, draft: Version, by: User, version: int) -> Version:
    """Give a draft up. It stays on the desk, and nobody else ever sees it.

    Raises ``NotPermitted``, ``StaleVersion``; ``NotAllowedNow`` for one that is no draft.
    """

    def deed(held: Version) -> None:
        only_in(held, Version.State.DRAFT)
        held.state = Version.State.DISCARDED

    return decided(draft, by, version, WRITE, "discarded", deed)


# What the deeds share ------------------------------------------------------------------------------


def decided(
    draft: Version,
    by: User,
    version: int,
    permission: str,
    what: str,
    deed: Callable[[Version], None],
    text: Callable[[Version], str] = lambda held: "",
) -> Version:
    """Do ``deed`` on the row as it is, held until the transaction ends; save and record it."""
    with writing():
        permit_now(by, permission)
        held = Version.objects.select_for_update(of=("self",)).select_related("topic").get(pk=draft.pk)
        if version != held.version:
            raise StaleVersion(read=version, current=held.version, what="version")
        deed(held)
        held.version += 1
        held.save()
        append(f"guidance.{what}", case=None, by=by, payload=payload(held), text=text(held))
    return held


def only_in(held: Version, state: Version.State) -> None:
    """Raise ``NotAllowedNow`` unless the version is in ``state``."""
    if held.state != state:
        raise NotAllowedNow(
            f"This version is not in that state any more: {held.get_state_display().lower()}."
        )


def permit_now(by: User, permission: str) -> None:
    """As the database says now, so that whoever lost the role a moment ago has lost it here too."""
    permit(User.objects.get(pk=by.pk), permission)


def payload(held: Version) -> dict[str, Any]:
    """What the chain keeps of a version: nothing that anybody typed but the topic's address."""
    return {
        "topic": held.topic.slug,
        "version": held.pk,
        "number": held.number,
        "valid_from": held.valid_from.isoformat(),
        "withdraws": held.withdraws,
    }


def _begin(topic: Topic, content: Content, by: User) -> Version:
    draft = Version.objects.create(topic=topic, drafted_by=by, **content.values())
    draft.writers.add(by)
    append("guidance.drafted", case=None, by=by, payload=payload(draft))
    return draft


def _last_approved(topic: Topic) -> Version | None:
    """The approved version that holds last, also where its day is to come."""
    return topic.versions.filter(state=Version.State.APPROVED).order_by("-published_at", "-pk").first()


def _free_slug(title: str) -> str:
    made = slugify(title)[:70].strip("-") or "topic"
    taken = set(Topic.objects.filter(slug__startswith=made).values_list("slug", flat=True))
    if made not in taken:
        return made
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{made}-{number}") not in taken)
