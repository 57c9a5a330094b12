"""The offline checker's bundle, by an authorised route: the firm's own, from its session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from front.filing.office import office_for
from front.headers import download_headers
from front.language import language_of
from front.words import say
from greenmfg.access import Person
from greenmfg.portal import UnknownEnterprise
from greenmfg.settings import Settings

Endpoint = Callable[[Request], Awaitable[Response]]


def bundle_route(settings: Settings) -> Endpoint:
    """`/files/bundle`: what an offline checker of this firm needs to know; the bureau has none."""

    async def serve(request: Request) -> Response:
        person: Person = request.state.person
        words = say(language_of(request.cookies))
        office = await run_in_threadpool(office_for, settings, person)
        if office is None or person.tenant is None:
            return PlainTextResponse(words("bundle.unknown") + "\n", 404)
        try:
            data = await run_in_threadpool(office.bundle, person.tenant)
        except UnknownEnterprise:
            return PlainTextResponse(words("report.no_account") + "\n", 404)
        name = f"{words('bundle.title')}_{person.tenant}_{settings.today():%Y%m%d}.zip"
        return Response(
            data,
            media_type="application/zip",
            headers=download_headers(name),
        )

    return serve
