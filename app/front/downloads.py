"""Exports by an authorised route. Never by Streamlit's media, which asks nobody who they are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from front.headers import download_headers
from front.language import language_of
from front.words import say
from greenmfg.access import Person, Role
from greenmfg.queries.exports import ExportRefused, FilterRefused, csv_chunks, export_for
from greenmfg.settings import Settings
from greenmfg.warehouse.release import NoRelease, reader

Endpoint = Callable[[Request], Awaitable[Response]]


def export(settings: Settings) -> Endpoint:
    """The endpoint of `/files/export/<mart>.csv?filter=…`; the tenant comes from the session."""

    async def serve(request: Request) -> Response:
        person: Person = request.state.person
        words = say(language_of(request.cookies))
        if person.role is Role.AGENT:
            return PlainTextResponse(words("acting.figures_refused") + "\n", 403)
        mart, _, extension = request.path_params["name"].rpartition(".")
        filters = dict(request.query_params)
        try:
            if extension != "csv":
                raise ExportRefused(mart)
            chunks = await run_in_threadpool(_csv, settings, person, mart, filters)
        except ExportRefused:
            return PlainTextResponse(words("export.refused") + "\n", 404)
        except FilterRefused as refused:
            return PlainTextResponse(words("export.filter", why=refused) + "\n", 400)
        except NoRelease:
            return PlainTextResponse(words("empty.no_release") + "\n", 404)
        name = "_".join([mart, *filters.values()]) + ".csv"
        return StreamingResponse(
            chunks,
            media_type="text/csv; charset=utf-8",
            headers=download_headers(name),
        )

    return serve


def _csv(settings: Settings, person: Person, mart: str, filters: dict[str, str]) -> Iterator[bytes]:
    chosen = export_for(mart, person.tenant)
    return csv_chunks(reader(settings), chosen, person.tenant, filters)
