"""The built styles and scripts: self-contained, without the crown, and fit for hashed file names."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.test import override_settings

from regulator.frontend.build import BuildError, build

PORTAL = Path(settings.FRONTEND_DIR) / "portal"
LOCK = Path(settings.BASE_DIR) / "package-lock.json"


@pytest.fixture(scope="module")
def css() -> str:
    assert (PORTAL / "portal.css").exists(), "run `manage.py build_frontend` first"
    return (PORTAL / "portal.css").read_text("utf-8")


def test_everything_that_the_styles_name_can_be_served(css: str) -> None:
    named = [address.strip("'\"") for address in re.findall(r"url\(([^)]*)\)", css)]
    missing = [address for address in named if finders.find(f"portal/{address}") is None]
    assert missing == []
    assert "@import" not in css
    assert "sourceMappingURL" not in css


def test_neither_crown_nor_arms_nor_the_licensed_font_is_shipped(css: str) -> None:
    assert not re.search("crown|crest|GDS Transport|copyright-logo", css, re.IGNORECASE)
    assert {file.name for file in PORTAL.iterdir()} == {"portal.css", "govuk-frontend.min.js"}


def test_every_component_that_a_template_imports_has_its_styles(css: str) -> None:
    templates = Path(settings.BASE_DIR) / "templates"
    used = {
        name
        for file in templates.rglob("*.html")
        for name in re.findall(r"govuk_frontend_jinja/components/([a-z-]+)/macro", file.read_text("utf-8"))
    }
    assert {name for name in used if f".govuk-{name}" not in css} == set()


def test_the_script_s_own_imports_are_served() -> None:
    own = Path(str(finders.find("portal/portal.js"))).read_text("utf-8")
    for module in re.findall(r'from "\./([^"]+)"', own):
        assert finders.find(f"portal/{module}") is not None
    assert "sourceMappingURL" not in (PORTAL / "govuk-frontend.min.js").read_text("utf-8")


def test_files_keep_working_under_hashed_names(tmp_path: Path) -> None:
    storages = settings.STORAGES | {
        "staticfiles": {
            "BACKEND": f"{ManifestStaticFilesStorage.__module__}.{ManifestStaticFilesStorage.__name__}"
        }
    }
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
    listed, files = FileSystemStorage(tmp_path).listdir("portal")
    assert listed == []
    assert "portal.css" in files
    assert any(re.fullmatch(r"portal\.[0-9a-f]{12}\.css", name) for name in files)


def test_a_second_build_does_nothing() -> None:
    said: list[str] = []
    assert (
        build(project=Path(settings.BASE_DIR), target=Path(settings.FRONTEND_DIR), say=said.append) is False
    )
    assert said == ["Styles and scripts are up to date."]


def test_a_refusal_by_npm_is_told_in_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}", "utf-8")
    (tmp_path / "package-lock.json").write_text("not json", "utf-8")
    with pytest.raises(BuildError, match="npm"):
        build(project=tmp_path, target=tmp_path / "out", say=lambda words: None)


def test_the_lock_pins_exactly_and_names_no_registry() -> None:
    lock = LOCK.read_text("utf-8")
    assert '"resolved"' not in lock
    package = (LOCK.parent / "package.json").read_text("utf-8")
    assert not re.search(r'": "[\^~]', package)
