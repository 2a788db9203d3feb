"""A skip counts as a failure where the tests decide."""

from __future__ import annotations

from pathlib import Path

import pytest

CONFTEST = (Path(__file__).parent / "conftest.py").read_text(encoding="utf-8")
SKIPPING = {
    "test_call.py": "import pytest\ndef test_a(): pytest.skip('no time')\n",
    "test_mark.py": "import pytest\n@pytest.mark.skip(reason='no time')\ndef test_b(): pass\n",
    "test_file.py": "import pytest\npytest.skip('no time', allow_module_level=True)\n",
}


@pytest.fixture
def session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Return an empty project with the conftest of this one, run as in CI."""
    pytester.makeconftest(CONFTEST)
    monkeypatch.setenv("CI", "true")
    return pytester


@pytest.mark.parametrize("name", SKIPPING)
def test_a_skip_fails_in_ci(session: pytest.Pytester, name: str) -> None:
    session.path.joinpath(name).write_text(SKIPPING[name], encoding="utf-8")
    result = session.runpytest_inprocess()
    assert result.ret != pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*skipped under CI=true: *no time*"])


def test_a_skip_may_pass_elsewhere(session: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI")
    session.path.joinpath("test_call.py").write_text(SKIPPING["test_call.py"], encoding="utf-8")
    session.runpytest_inprocess().assert_outcomes(skipped=1)


def test_absent_shared_data_and_expected_failures_may_pass_in_ci(session: pytest.Pytester) -> None:
    session.path.joinpath("test_shared.py").write_text(
        "import pytest\n"
        "def test_c(): pytest.skip('../shared is absent')\n"
        "@pytest.mark.xfail\ndef test_d(): raise ValueError\n",
        encoding="utf-8",
    )
    result = session.runpytest_inprocess()
    result.assert_outcomes(skipped=1, xfailed=1)
    assert result.ret == pytest.ExitCode.OK
