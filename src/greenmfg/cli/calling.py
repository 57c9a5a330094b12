"""What is wrong with a call, in both languages: Click says it in English alone."""

from __future__ import annotations

import re

import click

# Click's own sentences (8.5), which carry the value that was given nowhere else, and ours for them.
_SENTENCES = tuple(
    (re.compile(pattern), zh)
    for pattern, zh in (
        (r"No such option (?P<it>.+)\.", "没有 {it} 这个选项"),
        (r"No such command (?P<it>.+)\.", "没有 {it} 这个命令"),
        (r"Option (?P<it>.+) requires an argument\.", "选项 {it} 后面要写一个值"),
        (r"Option (?P<it>.+) requires (?P<n>\d+) arguments\.", "选项 {it} 后面要写 {n} 个值"),
        (r"Option (?P<it>.+) does not take a value\.", "选项 {it} 后面不写值"),
        (r"Argument (?P<it>.+) takes (?P<n>\d+) values\.", "参数 {it} 要写 {n} 个值"),
        (r"Got unexpected extra arguments? \((?P<it>.+)\)", "多了参数 {it}"),
        (r"Missing argument (?P<it>.+?)\.", "缺少参数 {it}"),
        (r"Missing option (?P<it>.+?)\.", "缺少选项 {it}"),
        (r"Missing command\.", "缺少命令"),
        (r"(?P<it>.+) is not (one of )?(?P<which>'.+')\.", "{it} 不可选，可选：{which}"),
        (r"(?P<it>.+) is not a valid integer( range)?\.", "{it} 不是整数"),
        (r"(?P<it>.+) is not a valid (float|decimal)( range)?\.", "{it} 不是数字"),
        (r"(?P<it>.+) is not a valid boolean\.", "{it} 不是“是”或“否”"),
        (r"(?P<it>.+) does not match the formats? (?P<which>.+)\.", "{it} 不是日期，写成 {which}"),
        (r"(?P<it>.+) is not in the range (?P<which>.+)\.", "{it} 超出范围 {which}"),
        (r"\w+ (?P<it>'.+') does not exist\.", "{it} 不存在"),
        (r"\w+ (?P<it>'.+') is a file\.", "{it} 是文件，这里要的是文件夹"),
        (r"\w+ (?P<it>'.+') is a directory\.", "{it} 是文件夹，这里要的是文件"),
        (r"\w+ (?P<it>'.+') is not readable\.", "{it} 没有读取权限"),
        (r"\w+ (?P<it>'.+') is not writable\.", "{it} 没有写入权限"),
        (r"Could not open file (?P<it>.+): (?P<which>.+)", "打不开文件 {it}：{which}"),
    )
)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def wrong_call(error: click.ClickException) -> str:
    """How the command is called, what is wrong with this call, and where its help is."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    context = error.ctx if isinstance(error, click.UsageError) else None
    lines = []
    if context is not None:
        lines.append(context.get_usage().replace("Usage:", "用法 · usage:", 1))
    lines.append(_sentence(error))
    command = context.command_path if context is not None else "greenmfg"
    lines.append(f"说明 · help: {command} --help")
    return "\n".join(lines)


def _sentence(error: click.ClickException) -> str:
    """Chinese, then English. What this project's own commands say is in both languages already."""
    bare = isinstance(error, click.MissingParameter) or not isinstance(error, click.BadParameter)
    message = error.format_message() if bare else error.message
    where = "" if bare else _where(error)
    if _HAN.search(message):
        return f"{where}{message}"
    return f"{where}{_chinese(message)} · {message[:1].lower()}{message[1:].rstrip('.')}"


def _where(error: click.ClickException) -> str:
    """The parameter whose value is wrong, as the help calls it."""
    hint: object = None
    if isinstance(error, click.BadParameter):
        hint = error.param_hint or (error.param and error.param.get_error_hint(error.ctx))
    if not hint:
        return ""
    return f"{hint if isinstance(hint, str) else ' / '.join(map(str, hint))}: "  # type: ignore[call-overload]


def _chinese(message: str) -> str:
    for pattern, zh in _SENTENCES:
        found = pattern.match(message)
        if found:
            said = zh.format(**found.groupdict())
            meant = re.search(r"Did you mean (?:one of: )?(.+?)\?", message)
            return f"{said}；是否指 {meant[1]}" if meant else said
    return "命令写得不对"
