"""Gather all that an installation without internet needs in one folder: wheels, their hashes, and a script for it.

Usage, on a computer with internet, in an environment with aiguard[bundle]:
python packaging/wheelhouse.py --output FOLDER [--platform win_amd64 --python 3.12]

The folder is carried to the closed network. There `install.cmd` (Windows) or `install.sh` (Linux) makes a virtual
environment and installs from the folder alone: no compiler, no administrator, no network, and nothing whose SHA-256 is
not in the list (`pip --require-hashes`). unidic-lite is published as source only, so that its wheel is built here; it
is pure Python and data, and so the same for every system.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT: Final = Path(__file__).resolve().parent.parent
_BUILT: Final = ("unidic-lite>=1.0.8",)  # published without a wheel
_SH: Final = """#!/bin/sh
# Makes the folder aiguard-env beside this one and installs aiguard into it, from the wheels here alone.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-"$(dirname "$here")/aiguard-env"}
python=${PYTHON:-python3}
"$python" -m venv "$target"
"$target/bin/python" -m pip install --quiet --no-index --find-links "$here" --require-hashes -r "$here/requirements.txt"
"$target/bin/aiguard" pack test
echo "$target/bin/aiguard"
"""
_CMD: Final = """@echo off
rem Makes the folder aiguard-env beside this one and installs aiguard into it, from the wheels here alone.
setlocal
set "here=%~dp0."
set "target=%~dp0..\\aiguard-env"
if not "%~1"=="" set "target=%~1"
py -m venv "%target%" || python -m venv "%target%" || exit /b 1
"%target%\\Scripts\\python" -m pip install --quiet --no-index --find-links "%here%" --require-hashes -r "%here%\\requirements.txt" || exit /b 1
"%target%\\Scripts\\aiguard" pack test || exit /b 1
echo %target%\\Scripts\\aiguard
"""


def gather(folder: Path, platforms: list[str], python: str) -> None:
    """Put the wheels of aiguard and of all that it needs into a folder; CalledProcessError where one is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as built:
        _pip("wheel", "--no-deps", "--wheel-dir", built, str(ROOT), *_BUILT)
        (wheel,) = Path(built).glob("aiguard-*.whl")
        target = [part for each in platforms for part in ("--platform", each)]
        digits = python.replace(".", "")
        target += ["--python-version", python, "--implementation", "cp", "--abi", f"cp{digits}", "--abi", "abi3"]
        target += ["--abi", "none"]
        options = ["--only-binary=:all:", "--find-links", built, "--dest", str(folder)]
        _pip("download", *options, *(target if platforms else []), str(wheel))
        # pip asks this computer, not the one that the wheels are for, whether a requirement is for Windows only.
        while lacking := missing(folder, platforms, python):
            _pip("download", *options, *(target if platforms else []), *sorted(lacking))


def missing(folder: Path, platforms: list[str], python: str) -> set[str]:
    """Return the requirements of the wheels in a folder that none of them meets, on the computer they are for."""
    wheels = sorted(folder.glob("*.whl"))
    there = {parse_wheel_filename(wheel.name)[0] for wheel in wheels}
    environment = {"extra": "", "python_version": python, "python_full_version": f"{python}.0"}
    if any(each.startswith("win") for each in platforms):
        environment |= {"platform_system": "Windows", "sys_platform": "win32", "os_name": "nt"}
    wanted = [each for wheel in wheels for each in _requirements(wheel)]
    met = [each for each in wanted if each.marker is None or each.marker.evaluate(environment)]
    return {str(each).partition(";")[0] for each in met if canonicalize_name(each.name) not in there}


def _requirements(wheel: Path) -> list[Requirement]:
    with ZipFile(wheel) as archive:
        name = next(each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        lines = message_from_bytes(archive.read(name)).get_all("Requires-Dist") or []
    return [Requirement(str(line)) for line in lines]


def describe(folder: Path) -> None:
    """Write the list of wheels with their hashes, and the scripts that install them."""
    lines = []
    for wheel in sorted(folder.glob("*.whl")):
        name, version, *_ = wheel.name.split("-")
        lines.append(f"{name}=={version} --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n")
    (folder / "requirements.txt").write_text("".join(lines), encoding="ascii")
    (folder / "install.sh").write_text(_SH, encoding="utf-8", newline="\n")
    (folder / "install.sh").chmod(0o755)
    (folder / "install.cmd").write_text(_CMD, encoding="ascii", newline="\r\n")


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments, "--quiet"], check=True)


def main() -> None:
    """Gather and describe the wheels, and say what came of it."""
    parser = argparse.ArgumentParser(description="閉じたネットワークでaiguardを入れるためのフォルダーを作ります")
    parser.add_argument("--output", type=Path, required=True, help="作るフォルダー")
    parser.add_argument(
        "--platform", action="append", default=[], help="使う機械(例 win_amd64、manylinux_2_28_x86_64)。既定はこの機械"
    )
    parser.add_argument("--python", default=".".join(map(str, sys.version_info[:2])), help="使う機械のPython(例 3.12)")
    asked = parser.parse_args()
    gather(asked.output, asked.platform, asked.python)
    describe(asked.output)
    wheels = list(asked.output.glob("*.whl"))
    print(f"{asked.output}: {len(wheels)} wheels, {sum(each.stat().st_size for each in wheels) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
