"""Somebody who has no pointer: Tab, arrows, Space and Enter, and what they type."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from playwright.sync_api import Page

from tests.journeys.stage import Radio, Tick

MOST: Final = 120
"""How often a key is pressed before it is given up."""
FOCUSED: Final = """() => {
  const here = document.activeElement;
  const words = each => each?.innerText.trim().replace(/\\s+/g, " ") ?? "";
  const legend = here.closest("fieldset")?.querySelector("legend");
  const named = here.name ? Array.from(document.getElementsByName(here.name)) : [];
  return {
    tag: here.tagName, type: here.type ?? "", checked: here.checked ?? false, group: words(legend),
    name: here.labels?.length ? words(here.labels[0]) : words(here),
    labels: named.map(each => words(each.labels?.[0])).join("|"),
  };
}"""


class Keyboard:
    """Somebody who has no pointer. Going on from where the focus is, never back."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, name: str) -> None:
        """A link or a button of that name."""
        self._reach(lambda here: here["name"].startswith(name) and here["tag"] in ("A", "BUTTON"), name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def choose(self, label: str) -> None:
        """A radio, among its group by the arrows, or a box to tick."""
        self._reach(
            lambda here: self._is(here, label) or (here["type"] == "radio" and label in here["labels"]), label
        )
        for _ in range(MOST):
            if self._is(self._here(), label):
                break
            self.page.keyboard.press("ArrowDown")
        if not self._here()["checked"]:
            self.page.keyboard.press("Space")
        assert self._here()["checked"], f"“{label}” is not chosen"

    @staticmethod
    def _is(here: dict[str, Any], label: str) -> bool:
        return here["type"] in ("radio", "checkbox") and str(here["name"]).startswith(label)

    def answer(self, question: str, given: str | date | bool) -> None:
        if isinstance(given, date):
            self._reach(lambda here: here["group"] == question and here["name"] == "Day", question)
            for number in (given.day, given.month, given.year):
                self.page.keyboard.type(str(number))
                self.page.keyboard.press("Tab")
            self.page.keyboard.press("Shift+Tab")
        elif isinstance(given, Radio | Tick):
            self._reach(lambda here: here["group"] == question, question)
            self.choose(given)
        else:
            self._reach(lambda here: re.sub(r" ?, in .+", "", here["name"]) == question, question)
            self.page.keyboard.type(str(given))

    def _reach(self, wanted: Callable[[dict[str, Any]], bool], what: str) -> None:
        for _ in range(MOST):
            if wanted(self._here()):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to “{what}” on {self.page.url}")

    def _here(self) -> dict[str, Any]:
        """What has the focus: its kind and name, and the question that it belongs to."""
        found: dict[str, Any] = self.page.evaluate(FOCUSED)
        return found
