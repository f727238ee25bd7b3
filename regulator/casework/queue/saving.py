"""The writes on a person's saved views. Only their owner sees or changes them; no case is touched.

They are nobody's record but the owner's, so no event tells of them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict

from regulator.accounts.models import User
from regulator.casework.identifiers import find
from regulator.casework.kinds import KINDS
from regulator.casework.queue.filters import QueueFilter
from regulator.casework.saved import LONGEST_NAME, SavedView
from regulator.organisations.policies import permit
from regulator.organisations.refusals import StaleVersion

MOST_VIEWS: Final = 30
"""How many views a person keeps at most: each is a link on the page of the queue."""


def save_view(*, name: str, kind: str, asked: Mapping[str, str], by: User) -> SavedView:
    """Keep an address of the queue under a name of one's own.

    ``asked`` is by filter, as the address has it; only what it says is kept. Raises ``ValidationError`` for a
    name that is empty, long, taken or somebody's, for a filter that makes no sense, and for one view too
    many.
    """
    permit(by, "casework.read")
    view = SavedView(owner=by, name=_name(name), kind=_kind(kind), asked=valid(asked, kind=kind, by=by))
    with _one_writer(by):
        if SavedView.objects.filter(owner=by).count() >= MOST_VIEWS:
            raise ValidationError(f"You have {MOST_VIEWS} views, which is the most. Delete one first.")
        _refuse_taken(view)
        view.save()
    return view


def rename_view(*, view: SavedView, name: str, version: int, by: User) -> SavedView:
    """Give one's view another name. Raises ``ValidationError`` as ``save_view``, and ``StaleVersion`` where
    it was changed in another window since it was read."""
    with _own(view, by) as held:
        if held.version != version:
            raise StaleVersion(read=version, current=held.version, what="view")
        held.name = _name(name)
        _refuse_taken(held)
        held.version += 1
        held.save(update_fields=["name", "version"])
    return held


def set_default(*, view: SavedView, is_default: bool, by: User) -> SavedView:
    """Let the queue open with this view of one's own, and with no other; or with none. Twice changes
    nothing."""
    with _own(view, by) as held:
        SavedView.objects.filter(owner=by, is_default=True).exclude(pk=held.pk).update(is_default=False)
        held.is_default = is_default
        held.save(update_fields=["is_default"])
    return held


def delete_view(*, view: SavedView, by: User) -> None:
    """Forget one's view. What it showed stays as it is."""
    with _own(view, by) as held:
        held.delete()


def valid(asked: Mapping[str, str], *, kind: str, by: User) -> dict[str, str]:
    """What ``asked`` says, if every filter in it makes sense; else ``ValidationError`` with what does not."""
    filters = QueueFilter(QueryDict(urlencode(asked)), user=by, kind=_kind(kind))
    if not filters.is_valid():
        labels = {name: f"{box.label}: " for name, box in filters.form.fields.items()}
        raise ValidationError(
            [f"{labels.get(name, '')}{word}" for name, words in filters.errors.items() for word in words]
        )
    if any(find(value) for value in filters.asked.values()):
        raise ValidationError("A filter seems to identify somebody. A view is kept, so it must not.")
    return filters.asked


def _name(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise ValidationError({"name": "Give the view a name."})
    if len(name) > LONGEST_NAME:
        raise ValidationError({"name": f"Use {LONGEST_NAME} characters or fewer."})
    if find(name):
        raise ValidationError({"name": "This seems to identify somebody. Call the view by what it shows."})
    return name


def _kind(kind: str) -> str:
    if kind and kind not in KINDS:
        raise ValidationError("There is no such list.")
    return kind


def _refuse_taken(view: SavedView) -> None:
    same = SavedView.objects.filter(owner=view.owner_id, name__iexact=view.name).exclude(pk=view.pk)
    if same.exists():
        raise ValidationError({"name": "You have a view of this name."})


@contextmanager
def _one_writer(by: User) -> Iterator[None]:
    """One transaction in which nobody else changes this person's views."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        yield


@contextmanager
def _own(view: SavedView, by: User) -> Iterator[SavedView]:
    """The view as it stands, held. Raises ``SavedView.DoesNotExist`` for somebody else's, as for none."""
    permit(by, "casework.read")
    with _one_writer(by):
        yield SavedView.objects.select_for_update().get(pk=view.pk, owner=by)
