"""A test process that dies fails the run, by name; it does not make the run stand still."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

# Enough of them that, were the dead process replaced, the other would wait for ever at the end.
TESTS = """
import os
import pytest

@pytest.mark.parametrize("number", range(40))
def test_one_of_forty(number):
    if number == 20:
        os._exit(9)
"""


def test_a_test_process_that_dies_ends_the_run_and_is_named(tmp_path: Path) -> None:
    suite = tmp_path / "test_forty.py"
    suite.write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-n", "2", "--dist", "worksteal"]
    ended = subprocess.run(
        [*command, "-p", "no:randomly", "-p", "no:cacheprovider", str(suite)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1, ended.stdout
    assert "test_one_of_forty[20]" in ended.stdout
    assert "crashed while running" in ended.stdout
