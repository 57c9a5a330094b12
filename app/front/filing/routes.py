"""Templates by an authorised route: whose they are comes from the session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from front.filing.office import office_for
from front.headers import download_headers
from front.language import language_of
from front.words import say
from greenmfg.access import Person
from greenmfg.settings import Settings

_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Endpoint = Callable[[Request], Awaitable[Response]]


def template_route(settings: Settings) -> Endpoint:
    """`/files/template/<form>.(csv|xlsx)?period=2026-10`: the firm's own; the bureau's is plain."""

    async def serve(request: Request) -> Response:
        person: Person = request.state.person
        language = language_of(request.cookies)
        words = say(language)
        form, _, kind = request.path_params["name"].rpartition(".")
        period = _month(request.query_params.get("period", ""))
        office = await run_in_threadpool(office_for, settings, person)
        if office is None or kind not in _MEDIA or form not in office.contracts:
            return PlainTextResponse(words("template.unknown") + "\n", 404)
        if period is None and "period" in request.query_params:
            return PlainTextResponse(words("template.period") + "\n", 400)
        data = await run_in_threadpool(
            office.template, form, kind, person.tenant, period, language.value
        )
        parts = [office.contracts[form].title.zh, person.tenant, f"{period:%Y%m}" if period else ""]
        name = "_".join(part for part in parts if part) + f".{kind}"
        return Response(
            data,
            media_type=_MEDIA[kind],
            headers=download_headers(name),
        )

    return serve


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
