"""The page shell: Streamlit's own index, in the reader's language, with our style and words."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from streamlit import file_util

from front.language import Language, language_of
from front.words import say

STATIC = Path(__file__).resolve().parent.parent / "static"
_LANG = '<html lang="en">'
_TITLE = "<title>Streamlit</title>"
_HEAD_START, _HEAD_END = "<head>", "</head>"
# Points machines at an interface that is off here.
_SERVICE_DESC = re.compile(r'<link rel="service-desc"[^>]*>')
_FAVICON = re.compile(r'<link rel="shortcut icon"[^>]*>')


class ShellChanged(RuntimeError):
    """Streamlit's index no longer has what is rewritten; the message says which part."""


@dataclass(frozen=True)
class Shell:
    """The rewritten index by language, and its inline scripts (for the policy's digests)."""

    pages: dict[Language, str]
    inline_scripts: tuple[str, ...]

    @classmethod
    def read(cls) -> Shell:
        """Reads the installed Streamlit's index.

        Raises:
            ShellChanged: a newer Streamlit moved what has to be replaced.
        """
        index = (Path(file_util.get_static_dir()) / "index.html").read_text("utf-8")
        for part in (_LANG, _TITLE, _HEAD_START, _HEAD_END):
            if index.count(part) != 1:
                raise ShellChanged(f"Streamlit's index.html has no single {part!r}")
        scripts = re.findall(r"<script>(.*?)</script>", index, re.DOTALL)
        return cls({language: _rewritten(index, language) for language in Language}, tuple(scripts))

    async def serve(self, request: Request) -> Response:
        page = self.pages[language_of(request.cookies)]
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})


def _rewritten(index: str, language: Language) -> str:
    # Before Streamlit's own scripts: without it they probe every page's path for a server.
    first = f'<script src="{static("backend.js")}"></script>'
    last = (
        f'<link rel="icon" type="image/png" href="{static("leaf.png")}">'
        f'<link rel="stylesheet" href="{static("front.css")}">'
        f'<script src="{static("streamlit_zh.js")}" defer></script>'
        f'<script src="{static("focus.js")}" defer></script>'
    )
    title = f"<title>{say(language)('brand.title')}</title>"
    index = _FAVICON.sub("", _SERVICE_DESC.sub("", index))
    index = index.replace(_LANG, f'<html lang="{language.html}">').replace(_TITLE, title)
    return index.replace(_HEAD_START, _HEAD_START + first).replace(_HEAD_END, last + _HEAD_END)


def static(name: str) -> str:
    """The address of one of our assets; its digest makes a changed file a new address."""
    content = (STATIC / name).read_bytes()
    return f"/assets/{name}?v={hashlib.sha256(content).hexdigest()[:10]}"
