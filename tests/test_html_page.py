"""The report as a page works in a browser: its filters, its safety, and with ten thousand findings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from aiguard.batch import make_report, prepare, report_document
from aiguard.cli.run import options_for
from aiguard.model import Config, Use
from aiguard.readers import read_text
from aiguard.reporters import REPORTERS

if TYPE_CHECKING:
    from pathlib import Path

    from aiguard.model import DocumentReport

CHECKER = prepare(Config(), Use.PROMPT)


def report(text: str, name: str) -> DocumentReport:
    return report_document(read_text(text, name, Use.PROMPT), CHECKER)


def page(*documents: DocumentReport) -> str:
    made = REPORTERS["html"](make_report(documents, CHECKER), options_for(CHECKER.pack, "place"))
    assert isinstance(made, str)
    return made


def shown(folder: Path, text: str, state: str = "") -> str:
    """Return the page as a browser has it after its script ran; whatever the script complains of fails the test."""
    browser = shutil.which("chromium")
    if browser is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    file = folder / "report.html"
    file.write_text(text, encoding="utf-8")
    quiet = (
        "--no-first-run --disable-background-networking --disable-component-update --disable-sync --disable-gpu".split()
    )
    command = [
        browser,
        "--headless",
        "--no-sandbox",
        *quiet,
        f"--user-data-dir={folder / 'profile'}",
        "--enable-logging=stderr",
    ]
    done = subprocess.run(
        [*command, "--virtual-time-budget=5000", "--dump-dom", f"{file.as_uri()}{state}"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert "CONSOLE" not in done.stderr, done.stderr
    return done.stdout


def rows(dom: str) -> int:
    found = re.search(r'<tbody id="rows"[^>]*>(.*?)</tbody>', dom, re.DOTALL)
    return found[1].count("<tr") if found else 0


def test_filters_of_a_shared_view_hold(tmp_path: Path) -> None:
    text = page(
        report("個人番号は1234 5678 9018です。", "福祉課/a.txt"),
        report("電話は090-3812-5567、海老原裕子さん", "税務課/b.txt"),
    )
    whole = rows(shown(tmp_path, text))
    assert whole >= 3
    assert rows(shown(tmp_path, text, "#q=マイナンバー")) == 1
    assert rows(shown(tmp_path, text, "#q=どこにもない言葉")) == 0


def test_what_users_wrote_is_never_run(tmp_path: Path) -> None:
    name = '</script><script>document.title="x"</script><img src=x onerror=alert(1)>.txt'
    text = page(report('庁内限り</script><script>document.title="x"</script>\u2028個人番号は1234 5678 9018です', name))
    dom = shown(tmp_path, text)
    assert "<title>生成AI利用ガイドラインの点検結果</title>" in dom
    assert "<img" not in dom


def test_a_page_asks_nobody_for_anything() -> None:
    text = page(report("個人番号は1234 5678 9018です。", "a.txt"))
    assert re.findall(r"""(?:src|href)=["'](?!#)""", text) == []
    assert "default-src 'none'" in text
    assert "1234" not in text


def test_ten_thousand_findings_stay_usable(tmp_path: Path) -> None:
    from msgspec.structs import replace

    one = report("個人番号は1234 5678 9018です。", "a.txt")
    many = tuple(replace(one, path=f"課{number % 20}/{number}.txt") for number in range(10_000))
    text = page(*many)
    assert len(text) < 6_000_000
    dom = shown(tmp_path, text, "#folder=課3")
    assert 0 < rows(dom) <= 500
