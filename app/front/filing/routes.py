"""Templates and receipts, by authorised routes: whose they are comes from the session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from front import figures
from front.filing.office import office_of
from front.language import Language, language_of
from front.shell import static
from front.words import Say, say
from greenmfg.access import Person
from greenmfg.portal import Office, OwnSubmission
from greenmfg.registry import UnknownSubmission
from greenmfg.settings import Settings

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parent.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)
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
        office = await run_in_threadpool(office_of, settings)
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
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
                "Cache-Control": "no-store",
            },
        )

    return serve


def receipt_route(settings: Settings) -> Endpoint:
    """`/files/receipt/<number>`: a page to print. A firm opens only what its own account sent."""

    async def serve(request: Request) -> Response:
        person: Person = request.state.person
        language = language_of(request.cookies)
        number = request.path_params["number"]
        office = await run_in_threadpool(office_of, settings)
        own = office and await run_in_threadpool(_own, office, person, number)
        if not office or not own:
            return PlainTextResponse(say(language)("printed.unknown") + "\n", 404)
        page = _page(settings, office, own, language)
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})

    return serve


def _own(office: Office, person: Person, number: str) -> OwnSubmission | None:
    try:
        if person.tenant is None:
            return office.any_submission(number)
        return office.submission(person.tenant, number)
    except UnknownSubmission:
        return None


def _page(settings: Settings, office: Office, own: OwnSubmission, language: Language) -> str:
    words = say(language)
    submission = own.submission
    contract = office.every_contract.get(submission.form or "")
    return _TEMPLATES.get_template("receipt.html").render(
        language=language,
        say=words,
        icon=static("leaf.png"),
        style=static("print.css"),
        script=static("print.js"),
        receipt=submission.receipt,
        standing=words(f"standing.{own.standing}"),
        next_step=words(f"next.{own.standing}"),
        facts=_facts(words, office, own, language.of(contract.title) if contract else None),
        filings=[
            (
                office.name(filing.subject) or filing.subject,
                figures.month_code(filing.period) if filing.period else figures.NOTHING,
                str(filing.rows),
                words("behind.version", version=filing.version),
                words(f"standing.{filing.state.value}"),
            )
            for filing in own.filings
        ],
        findings=[
            (words(f"severity.{f.severity}"), f.id, language.of(f.message), f.explained_by or "")
            for f in own.findings
        ],
        refusal=submission.refusal and language.of(submission.refusal.message),
        printed_at=figures.stamp(settings.now()),
    )


def _facts(
    words: Say, office: Office, own: OwnSubmission, form: str | None
) -> list[tuple[str, str]]:
    submission = own.submission
    rows = figures.NOTHING if submission.row_count is None else str(submission.row_count)
    name = office.name(submission.account)
    account = f"{name} · {submission.account}" if name else submission.account
    return [
        (words("printed.account"), account),
        (words("column.form"), form or words("printed.after_check")),
        (words("column.file"), submission.file_name),
        (words("printed.received_at"), figures.stamp(submission.received_at)),
        (words("printed.sent_at"), figures.stamp(submission.attempt_received_at)),
        (words("mine.channel"), words(f"channel.{submission.channel}")),
        (words("printed.size"), f"{submission.size:,}"),
        ("SHA-256", submission.sha256),
        (
            words("printed.rows"),
            rows if submission.row_count is not None else words("printed.after_check"),
        ),
        (words("printed.rules"), submission.rules_version or words("printed.after_check")),
    ]


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
