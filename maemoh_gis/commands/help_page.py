"""
Help and complaints of the command line in the reader's language.

Lines of Thai are broken at the marks that the catalogue sets between words (`core.lines`).
"""

from __future__ import annotations

import inspect
import re
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup

from maemoh_gis.core.lines import columns, wrapped
from maemoh_gis.core.messages import Language, printable, text

_WIDEST, _INDENT, _LEFT_MOST = 78, 2, 30


def speak(app: typer.Typer, language: Language) -> None:
    """Give a command line, with all that hangs below it, its help in a language."""
    of_group = type("Group", (_Group,), {"language": language})
    of_command = type("Command", (_Command,), {"language": language})
    app.info.cls = of_group
    for command in app.registered_commands:
        command.cls = of_command
    for part in app.registered_groups:
        if part.typer_instance is not None:
            speak(part.typer_instance, language)


class _Group(TyperGroup):
    language: ClassVar[Language]

    def get_help(self, ctx: Any) -> str:
        return _page(self, ctx, self.language)

    def get_usage(self, ctx: Any) -> str:
        return _usage(self, ctx, self.language)


class _Command(TyperCommand):
    language: ClassVar[Language]

    def get_help(self, ctx: Any) -> str:
        return _page(self, ctx, self.language)

    def get_usage(self, ctx: Any) -> str:
        return _usage(self, ctx, self.language)


def complaint(error: Any, language: Language) -> str:
    """Say what is wrong with a command line that cannot be understood."""
    ctx, kind = getattr(error, "ctx", None), type(error).__name__
    if kind == "NoArgsIsHelpError":
        return str(error.message)
    lines = []
    if ctx is not None:
        lines = [ctx.get_usage(), text("cli.usage.see", language, command=ctx.command_path)]
    return "\n".join([*lines, text("cli.usage.wrong", language, what=_what(error, kind, language))])


def _what(error: Any, kind: str, language: Language) -> str:
    written = printable(str(error.format_message()))
    if language == "en":
        return written
    if kind == "NoSuchOption":
        options = ", ".join(sorted(error.possibilities or ()))
        id = "cli.usage.no_option_near" if options else "cli.usage.no_option"
        return text(id, language, found=printable(error.option_name), expected=options)
    if kind == "MissingParameter":
        return text("cli.usage.missing", language, name=_name_of(error))
    if kind == "BadOptionUsage":
        return text("cli.usage.needs_value", language, name=printable(error.option_name))
    if kind == "BadParameter":
        if re.search("[ก-๙]", error.message):
            return str(error.message)
        return text("cli.usage.bad_value", language, name=_name_of(error))
    extra = re.search(r"extra argument\(?s?\)? \((.*)\)", written)
    if extra is not None:
        return text("cli.usage.too_many", language, found=extra[1])
    named = re.findall(r"'([^']*)'", written)
    found, near = next(iter(named), ""), named[1:]
    id = "cli.usage.no_command_near" if near else "cli.usage.no_command"
    id = id if found else "cli.usage.no_command_given"
    return text(id, language, found=found, expected=", ".join(near))


def _name_of(error: Any) -> str:
    hint = error.param_hint or (error.param.get_error_hint() if error.param is not None else "")
    return (hint if isinstance(hint, str) else " / ".join(hint)).strip("'")


def _usage(command: Any, ctx: Any, language: Language) -> str:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    for id, written in (("options", "[OPTIONS]"), ("command", "COMMAND [ARGS]...")):
        pieces = pieces.replace(written, text(f"cli.usage.{id}", language))
    start = text("cli.usage.usage", language, command=ctx.command_path) + " "
    return "\n".join(wrapped(pieces, _width(), start, " " * columns(start)))


def _page(command: Any, ctx: Any, language: Language) -> str:
    width, indent = _width(), " " * _INDENT
    blocks = [_usage(command, ctx, language)]
    if command.help:
        blocks.append(_paragraph(command.help, width))
    rows: dict[str, list[tuple[str, str]]] = {"argument": [], "option": [], "command": []}
    help_option = command.get_help_option(ctx)
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is not None:
            told = text("cli.opt.help", language) if parameter is help_option else record[1]
            row = (_with_kind(record[0], language), _with_facts(told, language))
            rows[parameter.param_type_name].append(row)
    for name in command.list_commands(ctx) if isinstance(command, TyperGroup) else ():
        below = command.get_command(ctx, name)
        rows["command"].append((name, _in_short((below.help if below else None) or "")))
    for kind, table in rows.items():
        if table:
            lines = [text(f"cli.usage.head_{kind}", language), *_table(table, width, indent)]
            blocks.append("\n".join(lines))
    if command.epilog:
        blocks.append(_paragraph(command.epilog, width))
    return "\n\n".join(blocks)


def _with_facts(told: str, language: Language) -> str:
    """Say in words what the parser adds in brackets: a default, or that it must be there."""
    match = re.fullmatch(r"(.*?)\s*\[((?:default: |required|env var: )[^\]]*)\]", told, re.DOTALL)
    if match is None:
        return told
    facts = match[2].replace("default: ", text("cli.usage.default", language) + " ")
    facts = facts.replace("required", text("cli.usage.required", language))
    return f"{match[1]} [{facts}]"


def _with_kind(name: str, language: Language) -> str:
    """Say in words what the parser writes for the kind of a value, such as `<str>`."""
    match = re.fullmatch(r"(.*)<(str|path|int|float)>(.*)", name)
    if match is None:
        return name
    return f"{match[1]}<{text(f'cli.usage.kind_{match[2]}', language)}>{match[3]}"


def _in_short(told: str) -> str:
    """Keep of a help what it says before its examples and details."""
    return re.split(r": |\. |\.$| ตัวอย่าง", inspect.cleandoc(told), maxsplit=1)[0]


def _paragraph(told: str, width: int) -> str:
    return "\n".join(wrapped(inspect.cleandoc(told), width, " " * _INDENT, " " * _INDENT))


def _table(rows: list[tuple[str, str]], width: int, indent: str) -> list[str]:
    left = min(max(columns(name) for name, _ in rows), _LEFT_MOST) + 2
    rest = indent + " " * left
    lines: list[str] = []
    for name, told in rows:
        first = indent + name + " " * (left - columns(name))
        if columns(name) + 2 > left:
            lines.append(indent + name)
            first = rest
        lines += wrapped(told, width, first, rest)
    return lines


def _width() -> int:
    import shutil

    return max(min(shutil.get_terminal_size().columns - 2, _WIDEST), 50)
