"""A configuration is found where people look for it, and its mistakes are named so that they can be mended."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest
import rtoml
from msgspec.structs import asdict

from aiguard import config, folders
from aiguard.config_shown import describe
from aiguard.errors import ConfigError, UsageError
from aiguard.model import Allow, Config, Limits, Organisation, Severity


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty project of a user without settings of their own."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("LOCALAPPDATA", str(home / "AppData" / "Local"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def _write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def _mistake(file: Path, text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        config.load(file.parent, _write(file, text))
    assert caught.value.file == str(file)
    return caught.value


def test_without_a_file_the_defaults_hold(project: Path) -> None:
    assert config.load(project) == Config()


def test_without_a_file_nothing_is_parsed(project: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from aiguard import config; before = {*sys.modules}\n"
        "config.load(Path(sys.argv[1])); print(*{*sys.modules} - before)"
    )
    command = [sys.executable, "-c", code, str(project)]
    root = Path(__file__).parent.parent
    loaded = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root).stdout.split()
    assert "rtoml" not in loaded


def test_every_key_is_read(project: Path) -> None:
    file = _write(
        project / "aiguard.toml",
        """
        pack = "nagareyama"
        select = ["5(1)"]
        ignore = ["PERSON", "slogan"]
        min-severity = "warn"
        fail-on = "note"
        exclude = ["old/**"]
        [[allow]]
        text = "流山 太郎"
        reason = "記入例の名前"
        expires = 2027-03-31
        [[allow]]
        rule = "slogan"
        path = "pr/*.txt"
        reason = "広報課で確認済み"
        [organisation]
        phones = ["04-7150-0000"]
        addresses = ["流山市架空町1-1"]
        corporate-numbers = ["1000000000000"]
        domains = ["example.lg.jp"]
        public-figures = ["架空 太郎"]
        """,
    )
    loaded = config.load(project)
    assert loaded == Config(
        pack="nagareyama",
        select=("5(1)",),
        ignore=("PERSON", "slogan"),
        min_severity=Severity.WARN,
        fail_on=Severity.NOTE,
        exclude=("old/**",),
        allow=(
            Allow(reason="記入例の名前", text="流山 太郎", expires=dt.date(2027, 3, 31)),
            Allow(reason="広報課で確認済み", rule="slogan", path="pr/*.txt"),
        ),
        organisation=Organisation(
            phones=("04-7150-0000",),
            addresses=("流山市架空町1-1",),
            corporate_numbers=("1000000000000",),
            domains=("example.lg.jp",),
            public_figures=("架空 太郎",),
        ),
        sources=(str(file),),
        origins=loaded.origins,
    )
    assert {origin for _, origin in loaded.origins} == {str(file)}


def test_the_nearest_file_wins_alone(project: Path) -> None:
    _write(project / "aiguard.toml", 'ignore = ["far"]\nfail-on = "note"')
    _write(project / "a" / "aiguard.toml", 'ignore = ["near"]')
    loaded = config.load(project / "a" / "b" / "prompt.txt")
    assert (loaded.ignore, loaded.fail_on) == (("near",), None)


def test_the_own_file_comes_before_the_shared_one(project: Path) -> None:
    _write(project / "pyproject.toml", '[tool.aiguard]\nignore = ["shared"]')
    assert config.load(project).ignore == ("shared",)
    _write(project / "aiguard.toml", 'ignore = ["own"]')
    assert config.load(project).ignore == ("own",)


@pytest.mark.parametrize("text", ["[tool.ruff]\n", "this is no TOML\n", '[project]\ndependencies = ["aiguard"]\n'])
def test_a_pyproject_of_somebody_else_is_passed_by(project: Path, text: str) -> None:
    _write(project / "aiguard.toml", 'ignore = ["far"]')
    _write(project / "a" / "pyproject.toml", text)
    assert config.load(project / "a").ignore == ("far",)


def test_the_file_of_the_user_counts_only_without_a_project(project: Path) -> None:
    file = config.user_file()
    assert file
    _write(file, 'ignore = ["user"]')
    assert config.load(project).ignore == ("user",)
    _write(project / "aiguard.toml", "")
    assert config.load(project).ignore == ()


@pytest.mark.parametrize("configured", ["", "relative", "/elsewhere"])
@pytest.mark.usefixtures("project")
def test_the_file_of_the_user_is_where_the_system_wants_it(configured: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", configured)
    assert config.user_file() == platformdirs.user_config_path("aiguard") / "aiguard.toml"


def test_a_byte_order_mark_is_no_mistake(project: Path) -> None:
    (project / "aiguard.toml").write_bytes("\ufeffignore = ['a']\r\n".encode())
    assert config.load(project).ignore == ("a",)


def test_a_file_named_outright_is_the_only_one(project: Path) -> None:
    _write(project / "aiguard.toml", 'ignore = ["near"]')
    file = _write(project / "elsewhere" / "strict.toml", 'fail-on = "note"')
    loaded = config.load(project, file)
    assert (loaded.ignore, loaded.fail_on, loaded.sources) == ((), Severity.NOTE, (str(file),))


def test_extend_adds_lists_and_lets_the_nearer_values_win(project: Path) -> None:
    base = _write(
        project / "base.toml",
        'select = ["5"]\nfail-on = "warn"\nmin-severity = "warn"\nignore = ["a", "b"]\nexclude = ["x"]\n'
        '[[allow]]\nrule = "far"\nreason = "遠い"\n[organisation]\nphones = ["0000"]',
    )
    near = _write(
        project / "a" / "aiguard.toml",
        'extend = "../base.toml"\nselect = ["7"]\nfail-on = "block"\nignore = ["c", "b"]\n'
        '[[allow]]\nrule = "near"\nreason = "近い"\n[organisation]\nphones = ["1111"]',
    )
    loaded = config.load(project / "a")
    assert (loaded.select, loaded.fail_on, loaded.min_severity) == (("7",), Severity.BLOCK, Severity.WARN)
    assert (loaded.ignore, loaded.exclude) == (("c", "b", "a"), ("x",))
    assert [entry.rule for entry in loaded.allow] == ["near", "far"]
    assert loaded.organisation.phones == ("1111", "0000")
    assert loaded.sources == (str(near), str(base))
    assert loaded.origin("fail-on") == str(near)
    assert [loaded.origin("ignore", item) for item in range(4)] == [str(near), str(near), str(base), None]


def test_extend_goes_on_through_a_pyproject(project: Path) -> None:
    _write(project / "root.toml", 'ignore = ["root"]')
    _write(project / "pyproject.toml", '[tool.aiguard]\nextend = "root.toml"')
    _write(project / "a" / "aiguard.toml", 'extend = "../pyproject.toml"')
    assert config.load(project / "a").ignore == ("root",)


def test_a_circle_is_a_mistake(project: Path) -> None:
    _write(project / "base.toml", 'extend = "aiguard.toml"')
    _write(project / "aiguard.toml", 'extend = "./base.toml"')
    with pytest.raises(ConfigError, match=r"base\.toml:extend: 輪"):
        config.load(project)


def test_a_pack_beside_the_file_is_found_from_anywhere(project: Path) -> None:
    _write(project / "aiguard.toml", 'pack = "./packs/kashiwa"')
    assert config.load(project / "a").pack == str(project / "packs" / "kashiwa")


@pytest.mark.parametrize(
    ("text", "key", "mend"),
    [
        ('min_severity = "warn"', "min_severity", "「min-severity」"),
        ('ignores = ["a"]', "ignores", "「ignore」"),
        ("zzz = 1", "zzz", "書ける項目"),
        ('ignore = "a"', "ignore", "配列"),
        ('ignore = ["a", 1]', "ignore（2番目）", "文字列"),
        ('ignore = [" "]', "ignore（1番目）", "空"),
        ('fail-on = "error"', "fail-on", "note、warn、block"),
        ("fail-on = 1", "fail-on", "note、warn、block"),
        ("pack = 1", "pack", "文字列"),
        ('extend = "none.toml"', "extend", "このファイルから見た場所"),
        ('[allow]\ntext = "a"', "allow", "[[allow]]"),
        ('[[allow]]\ntext = "a"', "allow（1番目）.reason", "理由"),
        ('[[allow]]\ntext = "a"\nreason = ""', "allow（1番目）.reason", "空"),
        ('[[allow]]\nreason = "a"', "allow（1番目）", "text、rule、path"),
        ('[[allow]]\nrule="a"\nreason="a"\n[[allow]]\ntexts="a"', "allow（2番目）.texts", "「text」"),
        ('[[allow]]\nrule="a"\nreason="a"\nexpires="3月末"', "allow（1番目）.expires", "2027-03-31"),
        ('[[allow]]\nrule="a"\nreason="a"\nexpires=2027-03-31T00:00:00', "allow（1番目）.expires", "2027-03-31"),
        ("organisation = []", "organisation", "表"),
        ("[organisation]\ncorporate_numbers = []", "organisation.corporate_numbers", "「corporate-numbers」"),
        ("[organisation]\nphones = [0]", "organisation.phones（1番目）", "文字列"),
    ],
)
def test_a_mistake_names_its_key_and_the_mend(project: Path, text: str, key: str, mend: str) -> None:
    mistake = _mistake(project / "aiguard.toml", text)
    assert mistake.key == key
    assert mend in f"{mistake.message}{mistake.hint}"


def test_a_mistake_never_shows_the_value(project: Path) -> None:
    mistake = _mistake(project / "aiguard.toml", '[[allow]]\ntext = ["架空花子"]\nreason = "a"')
    assert "架空花子" not in f"{mistake}{mistake.hint}"


def test_broken_toml_names_the_line(project: Path) -> None:
    assert "2行目" in _mistake(project / "aiguard.toml", 'fail-on = "warn"\nignore = [').message


def test_another_encoding_is_named(project: Path) -> None:
    file = project / "aiguard.toml"
    file.write_bytes('ignore = ["架空"]'.encode("cp932"))
    with pytest.raises(ConfigError, match="UTF-8") as caught:
        config.load(project)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_file_that_is_not_there_is_named(project: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: 開けません"):
        config.load(project, project / "none.toml")


@pytest.mark.parametrize("text", ["", "[tool.other]", "[tool]\naiguard = 1"])
def test_a_pyproject_named_outright_must_have_the_table(project: Path, text: str) -> None:
    assert "表" in _mistake(project / "pyproject.toml", text).message


def test_options_replace_and_ignore_adds(project: Path) -> None:
    _write(project / "aiguard.toml", 'select = ["7"]\nignore = ["a"]\nfail-on = "warn"')
    loaded = config.override(config.load(project), select=["5-1,PERSON"], ignore=["a", " b "])
    assert (loaded.select, loaded.ignore, loaded.fail_on) == (("5-1", "PERSON"), ("a", "b"), Severity.WARN)
    assert loaded.origin("select", 1) == loaded.origin("ignore", 1) == config.COMMAND_LINE
    assert loaded.origin("ignore") == loaded.origin("fail-on") == str(project / "aiguard.toml")
    changed = config.override(loaded, min_severity=Severity.BLOCK, fail_on=Severity.NOTE)
    assert (changed.min_severity, changed.fail_on) == (Severity.BLOCK, Severity.NOTE)
    assert changed.origin("fail-on") == config.COMMAND_LINE


def test_no_option_changes_nothing(project: Path) -> None:
    _write(project / "aiguard.toml", 'select = ["7"]\nignore = ["a"]')
    loaded = config.load(project)
    assert config.override(loaded) == loaded


def test_the_description_says_what_holds_and_why(project: Path) -> None:
    base = _write(project / "base.toml", 'ignore = ["b"]\n[organisation]\ndomains = ["example.lg.jp"]')
    near = _write(
        project / "aiguard.toml",
        'extend = "base.toml"\nfail-on = "warn"\nignore = ["a"]\n'
        '[[allow]]\ntext = "架空花子"\nreason = "\\"例\\""\nexpires = 2027-03-31',
    )
    text = describe(config.override(config.load(project), select=["5(1)"]))
    assert f'fail-on = "warn"  # {near}' in text
    assert 'min-severity = "note"  # 既定' in text
    assert "# pack は未設定" in text
    assert f'  "b",  # {base}' in text
    assert f'  "5(1)",  # {config.COMMAND_LINE}' in text
    assert "架空花子" not in text
    assert rtoml.loads(text) == {
        "select": ["5(1)"],
        "ignore": ["a", "b"],
        "exclude": [],
        "min-severity": "note",
        "fail-on": "warn",
        "allow": [{"text": "●●●●", "reason": '"例"', "expires": dt.date(2027, 3, 31)}],
        "organisation": {
            "phones": [],
            "addresses": [],
            "corporate-numbers": [],
            "domains": ["example.lg.jp"],
            "public-figures": [],
        },
        "limits": asdict(Limits()),
    }


def test_the_description_of_nothing_says_so() -> None:
    text = describe(Config())
    assert "設定ファイルはありません" in text
    assert rtoml.loads(text)["min-severity"] == "note"


def test_limits_come_from_the_nearest_file_that_sets_them(project: Path) -> None:
    base = _write(project / "base.toml", "[limits]\nbytes = 1000\ncells = 5\n")
    near = _write(project / "aiguard.toml", 'extend = "base.toml"\n[limits]\nbytes = 2000\n')
    found = config.load(project)
    assert (found.limits.bytes, found.limits.cells, found.limits.depth) == (2000, 5, Limits().depth)
    text = describe(found)
    assert f"bytes = 2000  # {near}" in text
    assert f"cells = 5  # {base}" in text


@pytest.mark.parametrize(
    ("line", "key"), [("bytes = 0", "limits.bytes"), ('pages = "x"', "limits.pages"), ("page = 1", "limits.page")]
)
def test_limits_are_whole_numbers_with_known_names(project: Path, line: str, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(project, _write(project / "aiguard.toml", f"[limits]\n{line}\n"))
    assert caught.value.key == key


def test_a_service_without_a_home_has_no_settings_and_is_told_what_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(*_: object, **__: object) -> Path:
        raise RuntimeError

    for name in ("user_config_path", "user_data_path", "user_cache_path"):
        monkeypatch.setattr(platformdirs, name, homeless)
    assert config.user_file() is None
    for find in (folders.data, folders.cache):
        with pytest.raises(UsageError, match="ホーム"):
            find()
