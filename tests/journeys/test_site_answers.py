"""The shortest journey: a browser reaches the portal at all."""

from playwright.sync_api import Page


def test_a_browser_reaches_the_portal(page: Page) -> None:
    answer = page.goto("/healthz")
    assert answer is not None
    assert answer.json() == {"status": "alive"}
