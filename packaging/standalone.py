"""Make a zip that runs on a machine without Python: unpack it, and call `aiguard` in it.

Usage (in an environment with aiguard[bundle]): python packaging/standalone.py [--output FOLDER]

PyInstaller was chosen since what it makes brings Python itself: shiv, pex and zipapp need one on the machine. A folder
rather than a single file: that would unpack 300 MB into the folder for temporary files at each start. It makes a
program for the system it runs on, so that the zip for Windows is made on Windows, with the same command.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
# What is imported by name, and what is read as a file: modules of aiguard itself, styles of reports, the dictionary.
_WHOLE: Final = ("aiguard", "unidic_lite", "pypdfium2", "pypdfium2_raw")


def build(work: Path) -> Path:
    """Return the folder of the program, made in a folder for work."""
    options = [
        *(f"--collect-all={name}" for name in _WHOLE),
        f"--add-data={ROOT / 'patterns'}:aiguard/patterns",
        f"--distpath={work / 'dist'}", f"--workpath={work / 'build'}", f"--specpath={work}",
    ]  # fmt: skip
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=ERROR", "--onedir", "--console"]
    subprocess.run([*command, "--name=aiguard", *options, str(ROOT / "packaging" / "start.py")], check=True)
    return work / "dist" / "aiguard"


def archive(folder: Path, output: Path) -> Path:
    """Zip the program with the examples and the licence; beside it, its SHA-256."""
    shutil.copytree(ROOT / "examples", folder / "examples", dirs_exist_ok=True)
    shutil.copy2(ROOT / "LICENSE", folder / "LICENSE.txt")
    name = f"aiguard-{platform.system().lower()}-{platform.machine().lower()}"
    made = Path(shutil.make_archive(str(output / name), "zip", folder.parent, folder.name))
    made.with_suffix(".zip.sha256").write_text(f"{sha256(made.read_bytes()).hexdigest()}  {made.name}\n", "ascii")
    return made


def main() -> None:
    """Make the zip, and say where it is."""
    parser = argparse.ArgumentParser(description="Pythonのない機械で動くzipを作ります")
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="zipを置くフォルダー(既定 dist)")
    output = parser.parse_args().output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    made = archive(build(output / "work"), output)
    shutil.rmtree(output / "work")
    print(f"{made} ({made.stat().st_size / 1e6:.0f} MB)")


if __name__ == "__main__":
    main()
