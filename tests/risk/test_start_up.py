"""Start-up must not pay for scipy: only work that computes imports it."""

import subprocess
import sys

CHECK = """
import sys, django
from django.conf import settings
django.setup()
from django.contrib import admin
admin.autodiscover()
import regulator.risk.tasks, regulator.risk.services
found = [name for name in ("scipy", "numpy") if name in sys.modules]
sys.exit(f"imported at start-up: {found}" if found else 0)
"""


def test_neither_scipy_nor_numpy_is_imported_at_start_up(tmp_path: object) -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "regulator.settings", "PORTAL_VAR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", CHECK],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
