"""Pages as a browser sees them: what stands in a form's boxes, what is wrong with it, where links lead."""

import re
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponseBase
from django.test import Client

from regulator.accounts.models import User

Boxes = dict[str, list[str]]


def browser(user: User | None = None) -> Client:
    """A client in which ``user`` is signed in; a failure of ours is answered 500, not raised."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


class _Form(HTMLParser):
    """Collects what the browser would send if the form were sent as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: Boxes = {}
        self.area: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        name = known.get("name") or ""
        if tag == "textarea":
            self.area = name
            self.boxes[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in known:
            self.boxes.setdefault(self.select, []).append(known.get("value") or "")
        elif (
            tag == "input" and name and (known.get("type") not in ("radio", "checkbox") or "checked" in known)
        ):
            self.boxes.setdefault(name, []).append(known.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.boxes[self.area][0] += data


def text(answer: Any) -> str:
    return bytes(answer.content).decode()


def boxes(answer: Any) -> Boxes:
    """The form's boxes with what stands in them. A browser drops one line break after ``<textarea>``."""
    form = _Form()
    form.feed(text(answer))
    form.close()
    return {
        name: [value.removeprefix("\n") for value in values]
        for name, values in form.boxes.items()
        if name != "csrfmiddlewaretoken"
    }


def version(answer: Any) -> int:
    """The version that the page's form carries."""
    return int(boxes(answer)["version"][0])


def send(client: Client, path: str, **typed: Any) -> HttpResponseBase:
    """Open the page, type, send it: what was not typed is sent as it stood."""
    answer: Any = client.post(path, boxes(client.get(path)) | typed)
    return answer  # type: ignore[no-any-return]


def problems(answer: Any) -> list[str]:
    """The messages of the error summary, in their order."""
    found = re.search(r'<div class="govuk-error-summary".*?</ul>', text(answer), re.DOTALL)
    items = re.findall(r"<li>(.*?)</li>", found[0], re.DOTALL) if found else []
    return [re.sub(r"<[^>]+>|\s+", " ", item).strip() for item in items]


def date_boxes(name: str, day: int, month: int, year: int) -> dict[str, str]:
    return {f"{name}_day": str(day), f"{name}_month": str(month), f"{name}_year": str(year)}
