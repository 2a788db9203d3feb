"""The HTML page: complete in itself, deaf to what texts say, and usable by eye, by keyboard and on paper."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import select
import shutil
import subprocess
import time
from itertools import count
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from msgspec.structs import replace

from aiguard.model import (
    Attribution,
    Claim,
    Coverage,
    DocumentReport,
    Facts,
    Finding,
    GuidelineName,
    Location,
    NotChecked,
    Report,
    Severity,
    Span,
    Suppression,
    Unchecked,
    Use,
    Verdict,
)
from aiguard.reporters import REPORTERS, Options

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
TITLES = {"5(1)": "個人情報を取り扱う業務", "5(4)": "市内部での情報共有に留める内容"}
OPTIONS = Options(titles=TITLES, minimum=Severity.NOTE)
EVIL = "</script><script>window.pwned=1</script><img src=x onerror=pwned=1>\"'`&<!--\u202e\u2028\u2029\x00\ud800${1}"
SECONDS = 30

NAME = Finding(
    rule="person-name",
    title="個人の氏名",
    sections=("5(1)", "7.1"),
    severity=Severity.BLOCK,
    entity="PERSON",
    location=Location(None, 3, 6, 3, 10, 40, 44),
    evidence=("full",),
    message="個人の氏名があります。",
    why="氏名は個人を特定できる情報です。",
    advice="「A様」のように置き換えてください。",
    excerpt="担当は●●●●さん",
    mark=Span(3, 7),
    fingerprint="a" * 32,
)
MARKING = replace(
    NAME,
    rule="internal-mark",
    title="内部に留める表示",
    sections=("5(4)",),
    severity=Severity.WARN,
    why="庁内だけの文書です。",
    advice="作った課に確かめてください。",
    excerpt="【庁内限り】",
    mark=Span(1, 5),
)
NOTE = replace(MARKING, severity=Severity.NOTE, sections=())
PASSED = replace(NAME, suppressed=Suppression("allow", "公開済みの名簿です"))
CLAIM = Claim(
    "date",
    "日付・年",
    "8.2",
    "元の資料で確かめてください。",
    NAME.location,
    "11月3日",
    new=True,
    odd="曜日が合いません",
)
GAPS = (
    NotChecked("1", "目的", Coverage.HUMAN, "心構えを述べる節です。"),
    NotChecked("8.1", "判断の責任", Coverage.HUMAN, "判断は機械にはできません。", "読み直してください。"),
)
STAFF = DocumentReport("人事課/相談.txt", Use.PROMPT, Verdict.BLOCK, (NAME, MARKING, PASSED))
PRESS = DocumentReport(
    "広報課/案内.docx",
    Use.DOCUMENT,
    Verdict.WARN,
    (replace(MARKING, location=replace(NAME.location, label="本文 3段落目")), NOTE),
    facts=Facts(notices=("aiguard:ignore に理由がありません",)),
    attribution=Attribution("missing", ("ChatGPT",), None, "【ChatGPT】により作成"),
    claims=(CLAIM,),
)
SCAN = DocumentReport(
    "市民課/申請書.pdf",
    Use.PROMPT,
    Verdict.UNCHECKED,
    (),
    (Unchecked("3ページ", "画像です。文字に起こしてください。"),),
)
CLEAN = DocumentReport("市民課/メモ.txt", Use.PROMPT, Verdict.PASS)


def _report(*documents: DocumentReport) -> Report:
    return Report(GuidelineName("aoba", "あおば市生成AI利用ガイドライン", "第1版"), documents, GAPS, "0.1.0")


def _many(number: int) -> Report:
    findings = tuple(replace(NAME, location=Location(None, line, 1, line, 5, 0, 4)) for line in range(1, number + 1))
    return _report(*(replace(STAFF, path=f"第{at}課/記録.txt", findings=findings[at::10]) for at in range(10)))


def _hostile() -> Report:
    found = replace(
        NAME, title=EVIL, excerpt=EVIL, mark=Span(1, 90), why=EVIL, advice=EVIL, sections=(EVIL,), rule=EVIL
    )
    claim = replace(CLAIM, title=EVIL, todo=EVIL, excerpt=EVIL, odd=EVIL, section=EVIL)
    document = DocumentReport(
        f"{EVIL}/{EVIL}",
        Use.DOCUMENT,
        Verdict.BLOCK,
        (found, replace(found, suppressed=Suppression(EVIL, EVIL))),
        (Unchecked(EVIL, EVIL),),
        Facts(notices=(EVIL,)),
        Attribution(EVIL, (EVIL,), None, EVIL, EVIL),
        claims=(claim,),
    )
    gaps = (NotChecked("8.1", EVIL, Coverage.HUMAN, EVIL, EVIL),)
    return replace(_report(document, CLEAN), not_checked=gaps, guideline=GuidelineName(EVIL, EVIL, EVIL))


ALL = _report(STAFF, PRESS, SCAN, CLEAN)


def _page(report: Report, options: Options = OPTIONS) -> str:
    return REPORTERS["html"](report, options)


def _tree(report: Report) -> html.HtmlElement:
    return html.document_fromstring(_page(report))


def _said(tree: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in tree.xpath(path)]


# --- without a browser


def test_the_page_allows_its_own_style_and_script_and_nothing_else() -> None:
    page = _page(ALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        (inner,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]
    assert not re.search(r"https?:|//[a-z]|url\(|@import|\bsrc=|\bstyle=|\bon[a-z]+=", page)


def test_what_was_not_checked_stands_before_everything_else() -> None:
    titles = _said(_tree(ALL), "//h2")
    assert titles[:3] == ["確認できなかったもの：1件", "集計", "指摘"]
    assert "問題がないという意味ではありません。" in _said(_tree(ALL), "//section[1]")[0]


def test_the_findings_can_be_read_without_a_script() -> None:
    tree = _tree(ALL)
    rows = _said(tree, "//tbody[@id='rows']/tr")
    assert len(rows) == 4
    assert rows[0].startswith("禁止 人事課/相談.txt 3行目 6字目 個人の氏名担当は●●●●さん 理由と直し方")
    assert NAME.advice in rows[0]
    assert _said(tree, "//tbody[@id='rows']//mark") == ["●●●●", "庁内限り", "庁内限り", "庁内限り"]
    assert "本文 3段落目" in rows[2]
    assert _said(_tree(_many(400)), "//noscript") == [
        "ほか100件は、JavaScriptを使えるブラウザーか、--format xlsx で見られます。"
    ]


def test_the_sums_are_tables_for_those_who_do_not_see_bars() -> None:
    tree = _tree(ALL)
    assert _said(tree, "//div[@class='chart']//caption") == ["判定ごと", "規定ごと", "フォルダー（部署）ごと"]
    assert _said(tree, "//div[@class='chart'][2]//tbody/tr") == [
        "5(4) 市内部での情報共有に留める内容2（注意2）",
        "5(1) 個人情報を取り扱う業務1（禁止1）",
        "7.11（禁止1）",
        "規定を示していないもの1（参考1）",
    ]
    assert _said(tree, "//div[@class='chart'][3]//tbody/tr") == ["人事課2（禁止1、注意1）", "広報課2（注意1、参考1）"]
    assert all(bar.get("aria-hidden") == "true" for bar in tree.iter("svg"))


def test_a_draft_has_its_claims_to_tick_and_a_place_to_sign() -> None:
    (claims, checks) = _said(_tree(ALL), "//section[@class='paper']")
    for words in (
        "広報課/案内.docx",
        "日付・年（1か所）",
        CLAIM.todo,
        "★11月3日曜日が合いません",
        "確認した人",
        "確認日",
    ):
        assert words in claims
    assert "8.1 判断の責任 読み直してください。" in checks
    assert len(_tree(ALL).xpath("//section[@class='paper']//input[@type='checkbox']")) == 2
    assert "確認した人" not in _page(_report(STAFF))


def test_the_page_tells_what_a_machine_did_not_check_and_what_was_let_pass() -> None:
    page = _page(ALL)
    for words in (
        GAPS[0].reason, GAPS[1].todo, "許可リスト：公開済みの名簿です", "aiguard:ignore に理由がありません", "明示がありません",
    ):  # fmt: skip
        assert words in page


def test_notes_below_the_least_severity_are_only_counted() -> None:
    page = _page(ALL, replace(OPTIONS, minimum=Severity.WARN))
    assert "このほかに参考が1件あります" in page
    assert 'value="note"' not in page


def test_the_folder_is_the_first_step_below_what_all_have_in_common() -> None:
    paths = ("/srv/共有/人事課/a/x.txt", "/srv/共有/広報課/y.txt", "/srv/共有/z.txt")
    tree = _tree(_report(*(replace(STAFF, path=path) for path in paths)))
    assert _said(tree, "//div[@class='chart'][3]//tbody//a") == ["人事課", "広報課", "共有"]
    assert _said(_tree(_report(replace(STAFF, path="a.txt"))), "//div[@class='chart'][3]//tbody//a") == ["（同じ場所）"]
    windows = (r"C:\共有\人事課\a.txt", r"C:\共有\広報課\a.txt")
    tree = _tree(_report(*(replace(STAFF, path=path) for path in windows)))
    assert _said(tree, "//div[@class='chart'][3]//tbody//a") == ["人事課", "広報課"]


@settings(max_examples=30)
@given(st.text(max_size=40))
def test_no_text_becomes_markup(text: str) -> None:
    found = replace(NAME, title=text, excerpt=text, why=text, sections=(text,))
    document = replace(STAFF, path=text, findings=(found,), unchecked=(Unchecked(text, text),))
    plain = _tree(_report(replace(document, path="x", unchecked=(Unchecked("x", "x"),), findings=(NAME,))))
    tags = {each.tag for each in plain.iter()}
    assert {each.tag for each in _tree(_report(document)).iter()} <= tags


def _luminance(colour: str) -> float:
    parts = [int(pair, 16) / 255 for pair in (colour[1:3], colour[3:5], colour[5:7])]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1, 2])
def test_words_stand_out_from_their_ground(scheme: int) -> None:
    """Hold WCAG 2.2 AA (1.4.3): 4.5 to 1, in light, in dark and on paper."""
    roots = re.findall(r":root \{(.*?)\}", _page(ALL), re.DOTALL)
    colours = {
        name: value if len(value) == 7 else "#" + "".join(char * 2 for char in value[1:])
        for name, value in re.findall(r"--([\w-]+): (#[0-9a-f]+)", roots[scheme])
    }
    grounds = [("ink", each) for each in ("page", "card", "alarm", "mark")] + [("soft", "card"), ("soft", "page")]
    grounds += [("link", "card"), ("soft", "alarm"), ("new", "card"), ("unchecked", "alarm"), ("block", "card")]
    grounds += [(f"on-{each}", each) for each in ("block", "warn", "note", "unchecked", "pass")]
    for words, ground in grounds:
        light, dark = sorted((_luminance(colours[words]), _luminance(colours[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (words, ground)


# --- in a browser


class Tab:
    """Drive one page of a headless browser by its own protocol, over a pipe: no port is opened."""

    def __init__(self, folder: Path) -> None:
        assert BROWSER
        read, self._out = os.pipe()
        self._in, write = os.pipe()
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
        command = [BROWSER, *flags, "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe"]
        command += [f"--user-data-dir={folder / 'browser'}", "about:blank"]
        joined = ["bash", "-c", f'exec "$@" 3<&{read} 4>&{write}', "browser", *command]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(joined, pass_fds=(read, write), stdout=quiet, stderr=quiet)
        os.close(read)
        os.close(write)
        self._folder, self._buffer, self._numbers, self._session = folder, b"", count(1), ""
        self.events: list[dict[str, Any]] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **params: object) -> dict[str, Any]:
        """Give a command of the protocol and return its answer; what happens meanwhile goes to `events`."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        os.write(
            self._out, json.dumps(message | ({"sessionId": self._session} if self._session else {})).encode() + b"\0"
        )
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self.events.append(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            assert select.select([self._in], [], [], 2 * SECONDS)[0], "the browser does not answer"
            piece = os.read(self._in, 1 << 20)
            assert piece, "the browser has ended"
            self._buffer += piece
        message, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(message))

    def open(self, page: str, view: str = "") -> str:
        """Show a page as a file, with the view that its address keeps; return the address."""
        path = self._folder / "report.html"
        path.write_text(page, encoding="utf-8", newline="")
        self.ask("Page.navigate", url="about:blank")
        self.events.clear()
        self.ask("Page.navigate", url=path.as_uri() + view)
        self.wait("document.readyState === 'complete' && location.protocol === 'file:'")
        return path.as_uri() + view

    def value(self, expression: str) -> Any:  # noqa: ANN401 - whatever the page says
        """Return what an expression is in the page."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait(self, expression: str) -> None:
        """Wait until something holds in the page."""
        until = time.monotonic() + SECONDS
        while not self.value(expression):
            assert time.monotonic() < until, (expression, self.value("document.body.innerText.slice(0, 2000)"))
            time.sleep(0.02)

    def press(self, key: str, text: str = "") -> None:
        """Press a key and let it go."""
        for kind in ("keyDown", "keyUp"):
            typed = {"text": text} if text and kind == "keyDown" else {}
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, **typed, **_KEYS.get(key, {}))

    def complaints(self) -> list[dict[str, Any]]:
        """Return what the page and the browser wrote to the console."""
        self.value("0")
        kinds = {
            "Runtime.consoleAPICalled",
            "Runtime.exceptionThrown",
            "Log.entryAdded",
            "Page.javascriptDialogOpening",
        }
        return [event for event in self.events if event.get("method") in kinds]

    def requests(self) -> list[str]:
        """Return the addresses that the page asked for."""
        self.value("0")
        sent = [event["params"] for event in self.events if event.get("method") == "Network.requestWillBeSent"]
        return [each["request"]["url"] for each in sent]

    def close(self) -> None:
        """End the browser."""
        self._session = ""
        self.ask("Browser.close")
        self._process.wait(SECONDS)
        os.close(self._in)
        os.close(self._out)


_KEYS: dict[str, dict[str, Any]] = {
    "Tab": {"windowsVirtualKeyCode": 9},
    "Enter": {"windowsVirtualKeyCode": 13},
    " ": {"windowsVirtualKeyCode": 32},
}
ROWS = "document.querySelectorAll('#rows tr').length"
COUNT = "document.getElementById('count').textContent"
FOCUS = "document.activeElement.id || document.activeElement.name || document.activeElement.tagName"


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """Return a page in a headless browser; skip where there is none."""
    if BROWSER is None:
        pytest.skip("no Chromium is installed")
    opened = Tab(tmp_path_factory.mktemp("browser"))
    yield opened
    opened.close()


@pytest.mark.parametrize("report", [ALL, _hostile(), _many(400), _report(), _report(CLEAN)], ids=str)
def test_nothing_is_asked_for_and_nothing_goes_wrong(tab: Tab, report: Report) -> None:
    address = tab.open(_page(report))
    assert tab.requests() == [address]
    assert tab.complaints() == []


def test_hostile_texts_stay_texts(tab: Tab) -> None:
    tab.open(_page(_hostile()))
    assert tab.value("typeof window.pwned") == "undefined"
    assert tab.value("document.scripts.length") == 2
    assert tab.value("document.querySelectorAll('img, iframe, object, [onerror]').length") == 0
    tab.value("location.hash = '#q=' + encodeURIComponent('window.pwned=1</script>')")
    tab.wait(f"{ROWS} === 1")
    assert "<script>window.pwned=1" in tab.value("document.querySelector('#rows').textContent")
    assert not re.search(r"[\u202a-\u202e\u2028\u2029]", tab.value("document.body.textContent"))
    assert tab.complaints() == []


def test_a_script_of_someone_else_does_not_run(tab: Tab) -> None:
    tab.open(_page(ALL).replace("</main>", "<script>window.pwned=1</script></main>"))
    assert tab.value("typeof window.pwned") == "undefined"
    assert tab.complaints()


@pytest.mark.parametrize(
    ("view", "rows", "said"),
    [
        ("", 4, "4件"),
        ("#q=%E5%BA%81%E5%86%85", 3, "4件のうち3件"),
        ("#q=%E5%BA%81%E5%86%85+PERSON-NAME", 0, "4件のうち0件"),
        ("#severity=block", 1, "4件のうち1件"),
        ("#severity=warn,note", 3, "4件のうち3件"),
        ("#severity=", 0, "4件のうち0件"),
        ("#section=5(4)", 2, "4件のうち2件"),
        ("#section=", 1, "4件のうち1件"),
        ("#folder=%E5%BA%83%E5%A0%B1%E8%AA%B2&severity=note", 1, "4件のうち1件"),
        ("#section=99&folder=x&sort=y", 4, "4件"),
    ],
)
def test_the_address_keeps_a_view(tab: Tab, view: str, rows: int, said: str) -> None:
    tab.open(_page(ALL), view)
    assert (tab.value(ROWS), tab.value(COUNT)) == (rows, said)
    assert tab.complaints() == []


def test_the_findings_are_filtered_by_keyboard_alone(tab: Tab) -> None:
    tab.open(_page(_report(STAFF, PRESS)))
    tab.value("document.getElementById('findings').querySelector('#q').focus()")
    tab.ask("Input.insertText", text="庁内")
    tab.wait(f"{COUNT} === '4件のうち3件'")
    tab.press("Tab")
    assert tab.value(FOCUS) == "severity"
    tab.press(" ", " ")
    tab.press("Tab")
    tab.press(" ", " ")
    tab.wait(f"{COUNT} === '4件のうち1件'")
    tab.wait("decodeURIComponent(location.hash) === '#q=庁内&severity=note'")
    for _ in range(5):
        tab.press("Tab")
    assert tab.value(FOCUS) == "clear"
    tab.press("Enter", "\r")
    tab.wait(f"{COUNT} === '4件' && {FOCUS} === 'q'")
    assert tab.value("document.getElementById('count').getAttribute('aria-live')") == "polite"
    assert tab.complaints() == []


def test_a_bar_of_a_chart_leads_to_its_findings(tab: Tab) -> None:
    tab.open(_page(ALL))
    tab.value("[...document.querySelectorAll('.chart a')].find((a) => a.textContent === '広報課').click()")
    tab.wait(f"{COUNT} === '4件のうち2件'")
    assert tab.value("document.getElementById('folder').selectedOptions[0].textContent") == "広報課"


def test_the_worst_come_first_when_asked_for(tab: Tab) -> None:
    tab.open(_page(_report(PRESS, STAFF)), "#sort=grade")
    grades = tab.value("[...document.querySelectorAll('#rows .chip')].map((chip) => chip.textContent).join('')")
    assert grades == "禁止注意注意参考"


def test_the_script_shows_the_rows_that_the_page_has_without_it(tab: Tab) -> None:
    page = _page(ALL)
    tab.open(page)
    shown = tab.value(
        "[...document.querySelectorAll('#rows tr')].map((row) => row.outerHTML.replace(/\\s+/g, '')).join('')"
    )
    (static,) = re.findall(r'<tbody id="rows">(.*?)</tbody>', page, re.DOTALL)
    assert shown == re.sub(r"\s+", "", static)


def test_ten_thousand_findings_stay_usable(tab: Tab) -> None:
    page = _page(_many(10_000))
    assert len(page.encode()) < 4_000_000
    tab.open(page)
    assert (tab.value(ROWS), tab.value(COUNT)) == (100, "10,000件")
    tab.value("document.getElementById('more').click()")
    assert tab.value(ROWS) == 200
    assert tab.value("document.activeElement.closest('tr').rowIndex") == 101
    tab.value(
        "document.getElementById('q').value = '第3課'; document.getElementById('q').dispatchEvent(new Event('input', {bubbles: true}))"
    )
    tab.wait(f"{COUNT} === '10,000件のうち1,000件'")
    assert tab.complaints() == []


def test_on_paper_everything_is_there_and_open(tab: Tab) -> None:
    findings = tuple(replace(NAME, excerpt=f"記録{number}番の●●●●", mark=Span(0, 2)) for number in range(150))
    tab.open(_page(_report(replace(PRESS, findings=(*findings, PASSED)), SCAN)))
    printed = base64.b64decode(tab.ask("Page.printToPDF", printBackground=False)["data"])
    with pypdfium2.PdfDocument(printed) as paper:
        text = "".join(page.get_textpage().get_text_bounded() for page in paper)
    said = re.sub(r"\s+", "", text)
    assert all(f"記録{number}番の" in said for number in range(150))
    for words in (NAME.why, NAME.advice, "公開済みの名簿です", SCAN.unchecked[0].reason, CLAIM.todo, "確認した人"):
        assert words in said
    assert "言葉で探す" not in said
    assert tab.value(ROWS) == 100
    assert tab.value("document.querySelectorAll('details[open]').length") == 0


@pytest.mark.parametrize("width", [320, 700, 1400])
def test_nothing_is_wider_than_the_window(tab: Tab, width: int) -> None:
    long = replace(STAFF, path=f"{'とても長い名前のフォルダー' * 9}/{'x' * 200}.txt")
    tab.ask("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
    tab.open(_page(_report(long, PRESS, SCAN)))
    wide = tab.value("document.documentElement.scrollWidth")
    tab.ask("Emulation.clearDeviceMetricsOverride")
    assert wide <= width
