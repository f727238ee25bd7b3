"""What holds for every template: nothing inline that a strict Content-Security-Policy would refuse."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

ROOT = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(str(file.relative_to(ROOT)) for file in ROOT.rglob("*.html"))
JINJA = [name for name in TEMPLATES if not name.startswith("desk/")]


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_has_an_inline_script_or_style(name: str) -> None:
    source = (ROOT / name).read_text("utf-8")
    assert not re.search(r"<style\b|\sstyle\s*=|javascript:", source, re.IGNORECASE)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", source, re.IGNORECASE)
    scripts = re.findall(r"<script\b[^>]*>", source, re.IGNORECASE)
    data = ("application/json", "application/ld+json")  # no browser runs these
    assert all(" src=" in script or any(each in script for each in data) for script in scripts)


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_switches_escaping_off(name: str) -> None:
    source = (ROOT / name).read_text("utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape\s+(false|off)", source)


@pytest.mark.parametrize("name", JINJA)
def test_every_jinja_template_compiles(name: str) -> None:
    engines["jinja2"].get_template(name)
