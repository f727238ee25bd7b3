"""The suite cut into parts, for a run that has no time for all of it: ``--part 2/3``.

A file is of one part, whatever else there is and on every machine, so that the parts together are the suite.
"""

import re
from pathlib import PurePath
from typing import Final
from zlib import crc32

WHOLE: Final = "1/1"
_PART: Final = re.compile(r"([1-9]\d?)/([1-9]\d?)")


def is_in(part: str, path: PurePath) -> bool:
    """Whether the file ``path`` (below the project) is of ``part``, "2/3": the second of three. Raises
    ``ValueError`` for what is no part."""
    found = _PART.fullmatch(part)
    number, parts = map(int, found.groups()) if found else (0, 0)
    if not 1 <= number <= parts:
        raise ValueError(f"{part!r} is no part, like 2/3")
    return crc32(path.as_posix().encode()) % parts == number - 1
