"""The hook and the workflow that are shipped stop what they should, in real repositories."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
WORKFLOW = (ROOT / "examples" / "github-actions.yml").read_text(encoding="utf-8")
GIT = shutil.which("git") or ""
BAD = "個人番号は1234 5678 9018です。\n"
GOOD = "来週の会議の資料を作ります。\n"
pytestmark = pytest.mark.skipif(not GIT or os.name == "nt", reason="needs git and sh")


@pytest.fixture
def sh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., CompletedProcess[str]]:
    """Stand in a repository with one commit, `aiguard` on the path; return what runs a command there."""
    programs, root = tmp_path / "bin", tmp_path / "庁内"
    programs.mkdir()
    root.mkdir()
    program = programs / "aiguard"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m aiguard "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    environment = os.environ | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "NO_COLOR": "1",
    }
    monkeypatch.chdir(root)

    def run(command: str, **more: str) -> CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "-c", command],
            env=environment | more,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    write("記録.txt", GOOD)
    done = run("git init -q -b main . && git config user.name a && git config user.email a@example.com")
    assert (done.returncode, done.stderr) == (0, "")
    assert run("git add . && git commit -qm 1").returncode == 0
    return run


def write(name: str, text: str) -> None:
    """Write a file."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def own_hook() -> None:
    """Install a hook of git's own, as README.md shows it."""
    hook = Path(".git/hooks/pre-commit")
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexec aiguard scan --staged\n", encoding="utf-8")
    hook.chmod(0o755)


def test_a_commit_is_stopped_by_what_is_staged_and_by_nothing_else(sh: Callable[..., CompletedProcess[str]]) -> None:
    own_hook()
    write("新しい 記録.txt", BAD)
    sh("git add .")
    write("新しい 記録.txt", GOOD)
    stopped = sh("git commit -m 2")
    assert stopped.returncode == 1
    assert "新しい 記録.txt" in stopped.stdout + stopped.stderr
    assert "5678" not in stopped.stdout + stopped.stderr
    sh("git add .")
    write("新しい 記録.txt", BAD)
    assert sh("git commit -m 2").returncode == 0
    assert sh("git show HEAD:'新しい 記録.txt'").stdout == GOOD


@pytest.mark.parametrize("command", ["git commit -am 2", "git commit -m 2 -- 記録.txt"])
def test_what_a_commit_adds_itself_is_checked(sh: Callable[..., CompletedProcess[str]], command: str) -> None:
    own_hook()
    write("記録.txt", BAD)
    assert sh(command).returncode == 1
    write("記録.txt", GOOD * 2)
    write("別.txt", BAD)
    sh("git add 記録.txt")
    assert sh("git commit -m 2 -- 記録.txt").returncode == 0


def test_a_commit_that_only_deletes_passes(sh: Callable[..., CompletedProcess[str]]) -> None:
    own_hook()
    sh("git rm -q 記録.txt")
    assert sh("git commit -m 2").returncode == 0


def as_pre_commit_calls(sh: Callable[..., CompletedProcess[str]], names: str) -> CompletedProcess[str]:
    """Call the hook as pre-commit does: the entry, and the names of the files after it."""
    entry = re.search(r"^  entry: (.*?)(?: #.*)?$", HOOKS, re.MULTILINE)
    assert entry is not None
    return sh(f"{names} | xargs -0 {entry[1]}")


def test_the_hook_of_pre_commit_checks_the_names_it_is_given(sh: Callable[..., CompletedProcess[str]]) -> None:
    committed = "git diff --staged --name-only --no-ext-diff -z --diff-filter=ACMRTUXB"
    write("控え/名前 は\n二行.txt", BAD)
    sh("git add .")
    assert as_pre_commit_calls(sh, committed).returncode != 0
    sh("git commit -qm 2")
    assert as_pre_commit_calls(sh, "git ls-files -z").returncode != 0
    write(".aiguardignore", "控え/\n")
    passed = as_pre_commit_calls(sh, "git ls-files -z")
    assert passed.returncode == 0
    assert ".aiguardignore により1件" in passed.stderr


def test_the_workflow_marks_the_lines_of_a_pull_request(sh: Callable[..., CompletedProcess[str]]) -> None:
    command = re.findall(r"^ +- run: (aiguard .*)$", WORKFLOW, re.MULTILINE)[-1]
    sh("git init -q --bare ../origin && git remote add origin ../origin && git push -q origin main")
    sh("git checkout -q -b change")
    write("資料/案.txt", GOOD + BAD)
    sh("git add . && git commit -qm 2")
    done = sh(command, GITHUB_BASE_REF="main")
    assert done.returncode == 1
    assert re.search(r"^::(?:error|warning) file=資料/案\.txt,line=2,", done.stdout, re.MULTILINE)
    assert "記録.txt" not in done.stdout
