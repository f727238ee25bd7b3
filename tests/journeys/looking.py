"""What every page owes to whoever looks at it, in whatever state.

WCAG 2.2 AA as far as axe can tell; nothing cut off on a small screen or at 400%; targets that a finger hits;
a keyboard that reaches everything.
"""

from collections.abc import Sequence
from typing import Final

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Page, ViewportSize, expect

WIDE: Final[ViewportSize] = {"width": 1280, "height": 900}
NARROW: Final[ViewportSize] = {"width": 1280 // 4, "height": 1024 // 4}
"""320 pixels: a small screen, and what a window of 1280 by 1024 shows at 400%."""
SMALLEST_TARGET: Final = 24
WITHIN_A_DATE: Final = 3
"""How often Tab goes on within a browser's own box for a date: to the month, the year and the calendar."""
TRIES: Final = 20
NOT_YET: Final = "Not attached to an active page"
"""Chromium's answer to a reload in the moment in which the page before gives way to this one."""
LEVEL_AA: Final = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
_AXE: Final = """async options => {
  const {passes, violations} = await axe.run(options);
  const told = each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 200)}`);
  return [passes.length, violations.flatMap(told)];
}"""
_CUT_OFF: Final = """() => {
  const wide = document.documentElement.clientWidth, found = [];
  const name = each => `${each.tagName} ${each.className}: ${each.innerText?.slice(0, 60)}`;
  for (const each of document.body.querySelectorAll("*")) {
    const box = each.getBoundingClientRect(), style = getComputedStyle(each);
    if (box.width <= 1 || box.height <= 1 || each.closest(".portal-scroll, svg")) continue;
    if (box.right > wide + 1 || box.left < -1) found.push(`beyond the edge: ${name(each)}`);
    const clips = ["hidden", "clip"];
    if (each.matches("input, select, textarea")) continue;
    if ((clips.includes(style.overflowX) && each.scrollWidth > each.clientWidth + 1)
        || (clips.includes(style.overflowY) && each.scrollHeight > each.clientHeight + 1))
      found.push(`cut off: ${name(each)}`);
  }
  return found;
}"""
_SMALL: Final = """least => Array.from(document.querySelectorAll("a[href], button, input, select, textarea"))
  .filter(each => each.type !== "hidden" && getComputedStyle(each).display !== "inline")
  .map(each => {
    // What is drawn over the whole of its surroundings is hit there as well.
    const box = each.getBoundingClientRect(), over = getComputedStyle(each, "::after");
    const wide = over.position === "absolute" ? parseFloat(over.width) || 0 : 0;
    const high = over.position === "absolute" ? parseFloat(over.height) || 0 : 0;
    return [each, {width: Math.max(box.width, wide), height: Math.max(box.height, high)}];
  })
  .filter(([, box]) => box.width > 1 && Math.min(box.width, box.height) < least)
  .map(([each, box]) => `${box.width} by ${box.height}: ${each.outerHTML.slice(0, 120)}`)"""
_PREPARE: Final = """() => {
  // How each control looks without the focus, and how with it; radios and boxes draw theirs on the label.
  const signs = ["outline", "boxShadow", "backgroundColor", "borderColor"];
  const drawn = style => signs.map(sign => style[sign]).join();
  const look = each => drawn(getComputedStyle(each))
    + (each.labels?.[0] ? drawn(getComputedStyle(each.labels[0], "::before")) : "");
  const shown = each => each.checkVisibility() && !each.disabled && each.type !== "hidden";
  const chosen = each => each.type !== "radio" || each.checked
    || (!document.querySelector(`input[name="${each.name}"]:checked`)
        && document.querySelector(`input[name="${each.name}"]`) === each);
  window.stops = Array.from(document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']"))
    .filter(each => shown(each) && chosen(each));
  window.unfocused = new Map(window.stops.map(each => [each, look(each)]));
  window.reached = [];
  document.addEventListener("focusin", ({target}) => window.reached.push(
    [window.stops.indexOf(target), look(target) !== window.unfocused.get(target),
     target.outerHTML.slice(0, 120)]));
  window.stops[0].focus();
  return window.stops.length;
}"""


def faults(
    page: Page, *, keyboard: bool = False, axe_at: Sequence[ViewportSize] = (WIDE, NARROW)
) -> list[str]:
    """What is wrong with the page at 1280 pixels and at 320, which is 400%; with the keyboard where asked."""
    found = [f"keyboard: {each}" for each in (unreached(page) if keyboard else [])]
    for size in (WIDE, NARROW):
        resize(page, size)
        told = [*(violations(page) if size in axe_at else []), *sideways(page)]
        told += [*cut_off(page), *small_targets(page)]
        found += [f"{size['width']} by {size['height']}: {each}" for each in told]
    return found + headings(page)


def resize(page: Page, size: ViewportSize) -> None:
    """Give the window that size, and let the page draw itself in it."""
    page.set_viewport_size(size)
    page.evaluate("new Promise(requestAnimationFrame)")


def violations(page: Page) -> list[str]:
    """What axe finds, each with the element that it stands on."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    passed, found = page.evaluate(_AXE, LEVEL_AA)
    assert passed, f"axe looked at nothing on {page.url}"
    told: list[str] = found
    return told


def sideways(page: Page) -> list[str]:
    """How far the page has to be scrolled sideways, if at all."""
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{beyond} pixels too wide"] if beyond > 0 else []


def cut_off(page: Page) -> list[str]:
    """What reaches over the edge, or is hidden by its own box. What scrolls by itself may be wider."""
    found: list[str] = page.evaluate(_CUT_OFF)
    return found


def small_targets(page: Page) -> list[str]:
    """Controls under 24 pixels either way. Links within a sentence are excepted, and axe sees to the rest."""
    found: list[str] = page.evaluate(_SMALL, SMALLEST_TARGET)
    return [f"target of {each}" for each in found]


def headings(page: Page) -> list[str]:
    """A page has one heading of the first level, and a title that begins with what it says."""
    ones = [each.strip() for each in page.locator("h1").all_inner_texts()]
    told = [] if len(ones) == 1 else [f"{len(ones)} headings of the first level"]
    if page.locator(".govuk-error-summary").count() and not page.title().startswith("Error: "):
        told.append(f"the title of a page with errors is {page.title()!r}")
    return told


def unreached(page: Page) -> list[str]:
    """Press Tab through the page from its start: every control in its order, each with a focus that shows."""
    resize(page, WIDE)
    stops: int = page.evaluate(_PREPARE)
    dates = page.locator("input[type=date]:visible").count()
    for _ in range(stops - 1 + dates * WITHIN_A_DATE):
        page.keyboard.press("Tab")
    reached: list[tuple[int, bool, str]] = page.evaluate("window.reached")
    page.evaluate("document.activeElement.blur()")
    told = [f"the focus does not show on {html}" for _, shows, html in reached if not shows]
    if [place for place, _, _ in reached] != list(range(stops)):
        told.append(f"{stops} controls, reached in the order {[place for place, *_ in reached]}")
    return told


def misled(page: Page) -> list[str]:
    """The summary of errors has the focus as the page opens; whichever of its links leads to no field."""
    summary = page.locator(".govuk-error-summary")
    if not summary.count():
        return []
    expect(summary).to_be_focused()
    told = []
    for link in summary.get_by_role("link").all():
        link.press("Enter")
        if not page.evaluate("document.activeElement.closest('.govuk-form-group--error') !== null"):
            told.append(f"leads to no field: {link.inner_text()}")
    return told


def again(page: Page) -> None:
    """Loads the page again, as soon as the navigation that led to it lets Chromium do so."""
    for tries_left in reversed(range(TRIES)):
        page.wait_for_load_state()
        try:
            page.reload()
        except Error as refused:
            if NOT_YET not in refused.message or not tries_left:
                raise
            page.title()  # a round trip to the page that is coming
        else:
            return
