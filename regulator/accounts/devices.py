"""What a browser says that it is, in words that its user knows: "Firefox on Windows"."""

import re
from typing import Final

UNKNOWN: Final = "A browser that does not say what it is"
_LONGEST: Final = 1_000
"""Characters that are looked at: no browser says more."""

_BROWSERS: Final = (
    ("Edg(?:e|A|iOS)?/", "Edge"),
    ("OPR/|Opera", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/|FxiOS/", "Firefox"),
    ("Chrome/|CriOS/|Chromium/", "Chrome"),
    ("Safari/", "Safari"),
    ("MSIE |Trident/", "Internet Explorer"),
)
_SYSTEMS: Final = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "a Chromebook"),
    ("Macintosh|Mac OS X", "a Mac"),
    ("Linux|X11", "Linux"),
)
"""Both from the particular to the general: nearly every browser also says that it is Safari."""


def device_of(user_agent: str) -> str:
    """The browser and the system in plain words; what of both is not known is left out. Never more than the
    words of this module, whatever was sent."""
    said = user_agent[:_LONGEST]
    browser, system = _first(_BROWSERS, said), _first(_SYSTEMS, said)
    if browser and system:
        return f"{browser} on {system}"
    if browser or system:
        return browser or f"A browser on {system}"
    return UNKNOWN


def _first(known: tuple[tuple[str, str], ...], said: str) -> str:
    return next((words for pattern, words in known if re.search(pattern, said)), "")
