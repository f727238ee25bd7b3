"""The Python macros draw what the npm package's own reference fixtures say, in the portal's environment.

The package and the macros are two projects that must move together: this is what notices when one runs ahead.
"""

import json
import re
from pathlib import Path
from typing import Any, cast

import pytest
from django.conf import settings
from django.template import engines
from django.template.backends.jinja2 import Jinja2

COMPONENTS = Path(settings.BASE_DIR) / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"
FIXTURES = 657


def _fixtures() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for file in sorted(COMPONENTS.glob("*/fixtures.json")):
        component = json.loads(file.read_text("utf-8"))
        found += [(component["component"], fixture) for fixture in component["fixtures"]]
    return found


def _macro(component: str) -> str:
    return "govuk" + "".join(word.capitalize() for word in component.split("-"))


def _draw(component: str, options: dict[str, Any]) -> str:
    environment = cast(Jinja2, engines["jinja2"]).env
    template = environment.get_template(f"govuk_frontend_jinja/components/{component}/macro.html")
    return str(getattr(template.module, _macro(component))(options))


def _normal(markup: str) -> str:
    """Without the white space that no browser shows, and with one spelling of an escaped quotation mark."""
    flat = re.sub(r"\s+", " ", markup.replace("&#34;", "&quot;"))
    return re.sub(r"\s*([<>])\s*", r"\1", flat).strip()


def test_the_package_is_installed_and_brings_every_fixture() -> None:
    assert len(_fixtures()) == FIXTURES, f"run `manage.py build_frontend` first; looked in {COMPONENTS}"


@pytest.mark.parametrize("component", sorted({name for name, _ in _fixtures()}))
def test_a_component_is_drawn_as_the_package_draws_it(component: str) -> None:
    different = [
        fixture["name"]
        for name, fixture in _fixtures()
        if name == component and _normal(_draw(name, fixture["options"])) != _normal(str(fixture["html"]))
    ]
    assert different == []
