"""The package installs in every usual way, and ships what it should: the code, the rules, the types, nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from aiguard.version import __version__

ROOT = Path(__file__).parent.parent
NEVER_SHIPPED = {"__pycache__", ".venv", ".git"}


def _run(*command: str | Path, cwd: Path, stdin: str = "") -> str:
    """Run a command in a folder that is not the repository, and return what it printed."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment = clean | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore", "PYTHONUTF8": "1"}
    done = subprocess.run(
        command, cwd=cwd, input=stdin, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _build(target: str, source: Path, folder: Path) -> Path:
    """Build a wheel or an sdist from a source tree, without a network."""
    _run(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", folder, cwd=source)
    (built,) = folder.iterdir()
    return built


def _files(folder: str) -> set[str]:
    """List what a folder of the repository holds, as paths with slashes."""
    paths = (path for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in paths if not NEVER_SHIPPED & {*path.parts}}


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an sdist of the repository."""
    return _build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel of the repository."""
    return _build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def unpacked(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the source tree inside the sdist."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"aiguard-{__version__}"


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of everything installed here except aiguard itself, to stand in for a download."""
    folder = tmp_path_factory.mktemp("libraries")
    for site in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for entry in Path(site).iterdir():
            if "aiguard" not in entry.name and entry.suffix != ".pth":
                (folder / entry.name).symlink_to(entry)
    return folder


@pytest.fixture
def environment(libraries: Path, tmp_path: Path) -> Path:
    """Return a fresh environment with the libraries, but without aiguard."""
    folder = tmp_path / "environment"
    venv.create(folder)
    site = sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)})
    (Path(site) / "libraries.pth").write_text(f"{libraries}\n", encoding="utf-8")
    return folder / ("Scripts" if os.name == "nt" else "bin")


def _install(environment: Path, *what: str | Path, cwd: Path) -> None:
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet")
    _run(sys.executable, "-m", "pip", "--python", environment / "python", "install", *options, *what, cwd=cwd)


def _members(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {*archive.namelist()}


def test_the_wheel_ships_the_code_the_rules_and_the_types(wheel: Path) -> None:
    information = f"aiguard-{__version__}.dist-info"
    wanted = _files("aiguard") | {f"aiguard/{path}" for path in _files("patterns")}
    described = {f"{information}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt")}
    assert _members(wheel) == wanted | described | {f"{information}/licenses/LICENSE"}
    assert {"aiguard/py.typed", "aiguard/patterns/nagareyama/guideline.toml"} <= _members(wheel)


def test_the_sdist_ships_all_that_is_needed_to_build_and_test(unpacked: Path) -> None:
    shipped = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    wanted = {
        path
        for folder in ("aiguard", "benchmarks", "examples", "packaging", "patterns", "tests", ".ci")
        for path in _files(folder)
    }
    root = ("PKG-INFO", "pyproject.toml", "README.md", "LICENSE", ".gitignore", ".pre-commit-hooks.yaml")
    assert shipped == wanted | {*root}


def test_a_wheel_built_from_the_sdist_is_the_same(wheel: Path, unpacked: Path, tmp_path: Path) -> None:
    assert _members(_build("wheel", unpacked, tmp_path / "dist")) == _members(wheel)


@pytest.mark.parametrize("way", ["wheel", "folder", "editable"])
def test_an_installed_aiguard_runs_and_finds_its_rules(
    way: str, wheel: Path, unpacked: Path, environment: Path, tmp_path: Path
) -> None:
    """The editable way uses the unpacked tree as well: the rules then stand beside the package, not inside."""
    what: tuple[str | Path, ...] = {"wheel": (wheel,), "folder": (unpacked,), "editable": ("-e", unpacked)}[way]
    _install(environment, *what, cwd=tmp_path)
    assert __version__ in _run(environment / "aiguard", "--version", cwd=tmp_path)
    assert __version__ in _run(environment / "python", "-m", "aiguard", "--version", cwd=tmp_path)
    assert _run(environment / "aiguard", "check", "-", cwd=tmp_path, stdin="会議の議題を三つ考えてください。\n")
    place = _run(environment / "python", "-c", "import aiguard; print(aiguard.__file__)", cwd=tmp_path)
    assert Path(place.strip()).is_relative_to(unpacked if way == "editable" else environment.parent)
