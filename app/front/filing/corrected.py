"""The corrected copy by an authorised route: whose it is comes from the session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from front.filing.office import office_for
from front.filing.shelf import SHELF, Kept
from front.headers import download_headers
from front.language import language_of
from front.words import say
from greenmfg.access import Person
from greenmfg.pipeline.correcting import Language, NothingToMark
from greenmfg.settings import Settings

_MEDIA = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Endpoint = Callable[[Request], Awaitable[Response]]


def corrected_route(settings: Settings) -> Endpoint:
    """`/files/corrected/<ticket>`: the file that this firm has just checked, with its marks."""

    async def serve(request: Request) -> Response:
        person: Person = request.state.person
        language = language_of(request.cookies)
        kept = SHELF.fetch(request.path_params["ticket"], person.tenant, settings.now())
        try:
            copy = kept and await run_in_threadpool(_copy, settings, person, kept, language.value)
        except NothingToMark:
            # Since it was checked, what it was compared with has changed.
            copy = None
        if copy is None:
            return PlainTextResponse(say(language)("check.gone") + "\n", 404)
        name, data = copy
        return Response(
            data,
            # No charset: a CSV keeps the encoding in which the firm wrote it.
            headers={"Content-Type": _MEDIA[name[name.rindex(".") :]], **download_headers(name)},
        )

    return serve


def _copy(
    settings: Settings, person: Person, kept: Kept, language: Language
) -> tuple[str, bytes] | None:
    office = office_for(settings, person)
    return office and office.corrected(kept.uscc, kept.name, kept.data, language)
