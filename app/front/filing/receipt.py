"""The receipt as a page to print, by an authorised route.

Its QR code leads back here with the receipt's hash: whoever may open it sees whether the paper is
what the registry holds.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from secrets import compare_digest
from urllib.parse import urlencode

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from front import figures, paths
from front.filing.office import office_for
from front.language import Language, language_of
from front.shell import static
from front.visitor import FIRM_PARAMETER
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

# What one A4 page has room for beside the facts; a finding takes the room of three filings. The rest
# is on the screen, and the paper says so.
_FILINGS_ON_PAPER, _ROOM_ON_PAPER = 12, 17

Endpoint = Callable[[Request], Awaitable[Response]]


def receipt_route(settings: Settings) -> Endpoint:
    """`/files/receipt/<number>`: a page to print. A firm opens only what its own account sent."""

    async def serve(request: Request) -> Response:
        person: Person = request.state.person
        language = language_of(request.cookies)
        number = request.path_params["number"]
        office = await run_in_threadpool(office_for, settings, person)
        own = office and await run_in_threadpool(_own, office, person, number)
        if not office or not own:
            return PlainTextResponse(say(language)("printed.unknown") + "\n", 404)
        mark = await run_in_threadpool(office.receipt_hash, number)
        page = _page(settings, office, own, language, _proof(request, person, number, mark))
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})

    return serve


def _own(office: Office, person: Person, number: str) -> OwnSubmission | None:
    try:
        if person.tenant is None:
            return office.any_submission(number)
        return office.submission(person.tenant, number)
    except UnknownSubmission:
        return None


@dataclass(frozen=True)
class _Proof:
    """The receipt's place in the chain. `agrees`: whether the hash in the address is the
    registry's; None where the address bears none."""

    mark: str
    address: str
    agrees: bool | None

    @property
    def picture(self) -> str:
        """The address as a QR code, in the page itself."""
        code = segno.make(self.address, error="m", micro=False)
        return str(code.svg_data_uri(scale=4, border=2, dark="#10231d"))


def _proof(request: Request, person: Person, number: str, mark: str) -> _Proof:
    query = {"mark": mark}
    if person.acting_for is not None:
        query[FIRM_PARAMETER] = person.acting_for
    address = f"{str(request.base_url).rstrip('/')}{paths.RECEIPT}{number}?{urlencode(query)}"
    borne = request.query_params.get("mark")
    return _Proof(mark, address, None if borne is None else compare_digest(borne, mark))


def _page(
    settings: Settings, office: Office, own: OwnSubmission, language: Language, proof: _Proof
) -> str:
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
        proof=proof,
        standing=words(f"standing.{own.standing}"),
        next_step=words("printed.waiting" if not own.decided else f"next.{own.standing}"),
        facts=_facts(words, office, own, language.of(contract.title) if contract else None),
        filings=_filings(words, office, own),
        several_firms=_several_firms(own),
        findings=[
            (words(f"severity.{f.severity}"), f.id, language.of(f.message), f.explained_by or "")
            for f in own.findings
        ],
        on_paper=_on_paper(own),
        refusal=submission.refusal and language.of(submission.refusal.message),
        printed_at=figures.stamp(settings.now()),
    )


def _several_firms(own: OwnSubmission) -> bool:
    return len({filing.subject for filing in own.filings}) > 1


def _filings(words: Say, office: Office, own: OwnSubmission) -> list[list[str]]:
    """One line per filing. The firm's name stands in it only where the file is of several firms."""
    several = _several_firms(own)
    return [
        [
            *([office.name(filing.subject) or filing.subject] if several else []),
            figures.month_code(filing.period) if filing.period else figures.NOTHING,
            str(filing.rows),
            words("behind.version", version=filing.version),
            words(f"standing.{filing.state.value}"),
        ]
        for filing in own.filings
    ]


def _on_paper(own: OwnSubmission) -> dict[str, int]:
    """How many lines of each table the paper holds."""
    filings = min(len(own.filings), _FILINGS_ON_PAPER)
    return {"filings": filings, "findings": (_ROOM_ON_PAPER - filings) // 3}


def _facts(
    words: Say, office: Office, own: OwnSubmission, form: str | None
) -> list[tuple[str, str, bool]]:
    """(word, value, whether it wants the whole width)."""
    submission = own.submission
    later = words("printed.after_check")
    name = office.name(submission.account) or office.account_name(submission.account)
    account = f"{name} · {submission.account}" if name else submission.account
    rows = later if submission.row_count is None else str(submission.row_count)
    return [
        (words("printed.account"), account, True),
        (words("column.form"), form or later, True),
        (words("column.file"), submission.file_name, True),
        ("SHA-256", submission.sha256, True),
        (words("printed.received_at"), figures.stamp(submission.received_at), False),
        (words("printed.sent_at"), figures.stamp(submission.attempt_received_at), False),
        (words("mine.channel"), words(f"channel.{submission.channel}"), False),
        (words("printed.size"), f"{submission.size:,}", False),
        (words("printed.rows"), rows, False),
        (words("printed.rules"), submission.rules_version or later, False),
    ]
