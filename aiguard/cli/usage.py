"""Say in Japanese what is wrong with a command line, and how to mend it: the parser says it in English."""

from __future__ import annotations

from typing import Any

from aiguard.errors import UsageError

_EXIT = 2


def is_from_parser(error: Exception) -> bool:
    """Say whether an error is the parser's: typer carries a click of its own, whose types it does not publish."""
    return hasattr(error, "format_message") and getattr(error, "exit_code", None) == _EXIT


def explain(error: Any) -> UsageError | None:  # noqa: ANN401 - no public type
    """Return what is wrong, without the value that was given; None where help was asked for."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "aiguard"
    usage = f"使い方は {command} --help で見られます。"
    parameter = getattr(error, "param", None)
    name = _name(parameter) if parameter is not None else getattr(error, "option_name", "")
    match type(error).__name__:
        case "NoArgsIsHelpError":
            return None
        case "NoSuchOption":
            near = error.possibilities
            return UsageError(f"{name} という指定はありません。", f"「{near[0]}」のことですか。" if near else usage)
        case "BadOptionUsage":
            return UsageError(f"{name} の書き方が違います（値の有無を確かめてください）。", usage)
        case "MissingParameter" if name:
            return UsageError(f"{name} の指定がありません。", usage)
        case "BadParameter" if name:
            return UsageError(f"{name} に使えない値です。", _choices(parameter) or usage)
    if commands := getattr(getattr(context, "command", None), "commands", {}):
        return UsageError("そのコマンドはありません。", f"使えるもの: {'、'.join(commands)}")
    return UsageError("指定のしかたが違います。", usage)


def _name(parameter: Any) -> str:  # noqa: ANN401 - no public type
    option = next((name for name in parameter.opts if name.startswith("--")), None)
    return str(option or parameter.metavar or parameter.name)


def _choices(parameter: Any) -> str:  # noqa: ANN401 - no public type
    choices = "、".join(str(getattr(choice, "value", choice)) for choice in getattr(parameter.type, "choices", ()))
    return f"使えるもの: {choices}" if choices else ""
