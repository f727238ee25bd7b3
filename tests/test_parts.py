"""The parts of the suite: every file is of one."""

from pathlib import Path, PurePath

import pytest

from tests.parts import WHOLE, is_in

HERE = Path(__file__).parent
FILES = [path.relative_to(HERE.parent) for path in sorted(HERE.rglob("test_*.py"))]


@pytest.mark.parametrize("parts", [1, 2, 3, 5, 12])
def test_every_file_is_of_one_part(parts: int) -> None:
    held = [[is_in(f"{number}/{parts}", path) for number in range(1, parts + 1)] for path in FILES]
    assert len(FILES) > 100
    assert all(sum(each) == 1 for each in held)
    assert all(any(each[part] for each in held) for part in range(parts)), "and no part is empty"


def test_the_whole_is_one_part() -> None:
    assert all(is_in(WHOLE, path) for path in FILES)


@pytest.mark.parametrize("part", ["", "2", "0/2", "3/2", "1/0", "-1/2", "1/2/3", "one/two", "١/٢"])
def test_what_is_no_part_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="no part"):
        is_in(part, PurePath("tests/test_parts.py"))
