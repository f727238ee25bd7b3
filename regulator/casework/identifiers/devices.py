"""Words before a number that say whose it is: a machine's, a program's, a book's. It is no person's then."""

import re
from typing import Final

_REACH: Final = 40
_LABEL: Final = re.compile(
    r"(?<![a-z])"
    r"(?:serial|s/n|sn|asset|part (?:no|number)|p/n|model|lot|batch|software|firmware|version|build|"
    r"udi|gtin|uid|isbn|issn|doi)"
    r"(?:[ -](?:tag|id|no|number|num|code|sn|10))?[ .:#=([-]{0,4}\Z",
    re.I,
)


def is_of_a_device(text: str, start: int) -> bool:
    """Whether the words right before ``start`` label what stands there: "serial no. ", "asset tag: "."""
    return _LABEL.search(text, max(0, start - _REACH), start) is not None
