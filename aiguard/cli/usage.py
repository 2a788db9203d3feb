"""Say in Japanese what is wrong with a command line, and how to mend it: the parser says it in English.

typer carries a click of its own, whose types it does not publish, so that errors are known by their names.
"""

from __future__ import annotations

from typing import Any

from aiguard.errors import UsageError


def is_from_parser(error: Exception) -> bool:
    """Say whether an error is the parser's."""
    return hasattr(error, "format_message") and hasattr(error, "exit_code")


def wants_help(error: Exception) -> bool:
    """Say whether an error stands for a command without its parts, and its message is the help."""
    return type(error).__name__ == "NoArgsIsHelpError"


def explain(error: Any) -> UsageError:  # noqa: ANN401 - no public type
    """Return what is wrong with a command line, without the value that was given, and the mend."""
    context = getattr(error, "ctx", None)
    problem, mend = _told(error, context, getattr(error, "param", None))
    command = context.command_path if context else "aiguard"
    return UsageError(problem, mend or f"使い方は {command} --help で見られます。")


def _told(error: Any, context: Any, parameter: Any) -> tuple[str, str]:  # noqa: ANN401 - no public types
    match type(error).__name__:
        case "NoSuchOption":
            near = error.possibilities
            return f"{error.option_name} という指定はありません。", f"「{near[0]}」のことですか。" if near else ""
        case "BadOptionUsage":
            return f"{error.option_name} の書き方が違います（値の有無を確かめてください）。", ""
        case "MissingParameter" if parameter:
            return f"{_name(parameter)} の指定がありません。", ""
        case "BadParameter" if parameter:
            return f"{_name(parameter)} に使えない値です。", _listed(getattr(parameter.type, "choices", ()))
    if commands := getattr(getattr(context, "command", None), "commands", ()):
        return "そのコマンドはありません。", _listed(commands)
    return "指定のしかたが違います。", ""


def _name(parameter: Any) -> str:  # noqa: ANN401 - no public type
    option = next((name for name in parameter.opts if name.startswith("--")), None)
    return str(option or parameter.metavar or parameter.name)


def _listed(choices: Any) -> str:  # noqa: ANN401 - names or members of an enumeration
    names = "、".join(str(getattr(choice, "value", choice)) for choice in choices)
    return f"使えるもの: {names}" if names else ""
