"""The routes of the API. Whose they are comes from the key, never from an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi import Path as InPath
from pydantic import TypeAdapter, ValidationError
from starlette.responses import JSONResponse

from front.api.nouns import (
    ExplanationIn,
    FilingOut,
    Finding,
    Receipt,
    SubmissionOut,
    SubmissionVerdict,
    Verdict,
)
from front.api.problems import Problem, described
from front.filing.office import office_of
from greenmfg.access import ApiKey
from greenmfg.contract import Words
from greenmfg.portal import (
    LONGEST_REASON,
    SHORTEST_REASON,
    CorrectionUnexplained,
    Office,
    OwnSubmission,
    UnknownEnterprise,
)
from greenmfg.records import Explanation
from greenmfg.registry import UnknownSubmission
from greenmfg.settings import Settings

T = TypeVar("T")

_EXPLANATIONS = TypeAdapter(list[ExplanationIn])
_Receipt = Annotated[str, InPath(pattern=r"^S\d{8,12}$", examples=["S00003106"])]
_Upload = Annotated[UploadFile, File(description="One form: CSV, XLSX or XLS.")]
_Reasons = Annotated[
    str,
    Form(
        description="JSON list of {id, line, column, reason}: answers to warnings of this file.",
        max_length=100_000,
        json_schema_extra={"contentMediaType": "application/json"},
    ),
]
_Why = Annotated[
    str,
    Form(
        description="Why this file changes a closed month: one past its due day, with a version "
        f"in force. Asked for there alone, at least {SHORTEST_REASON} characters.",
        max_length=LONGEST_REASON,
    ),
]


def key_of(request: Request) -> ApiKey:
    """The key that the doorkeeper found."""
    key: ApiKey = request.state.api_key
    return key


Key = Annotated[ApiKey, Depends(key_of)]


def office_here(request: Request) -> Office:
    """The office of the home that this application serves."""
    found = office_of(request.app.state.settings)
    if found is None:
        raise Problem(
            503,
            "not_set_up",
            Words("平台尚未初始化，请联系管理员。", "The platform has not been set up yet."),
        )
    return found


Desk = Annotated[Office, Depends(office_here)]


def one_file(key: Key, request: Request) -> None:
    """Counts what costs a check or a filing, beside the requests."""
    wait = request.app.state.files.seconds_to_wait(key.id)
    if wait:
        raise too_many(wait)


routes = APIRouter()


@routes.post(
    "/check",
    summary="Check a file; nothing is stored",
    response_model=Verdict,
    dependencies=[Depends(one_file)],
    responses=described(409, 411, 413, 503),
)
def check(
    request: Request, key: Key, place: Desk, file: _Upload, explanations: _Reasons = "[]"
) -> Any:
    """The verdict that filing this file would get, as `greenmfg check --json` prints it."""
    name, data = _read(file, request.app.state.settings)
    reasons = _explanations(explanations)
    return _known(lambda: place.try_file(key.uscc, name, data, reasons).as_json())


@routes.post(
    "/submissions",
    summary="File a report",
    status_code=201,
    response_model=Receipt,
    dependencies=[Depends(one_file)],
    responses={200: {"model": Receipt, "description": "Received before."}}
    | described(409, 411, 413, 503),
)
def send(
    request: Request,
    key: Key,
    place: Desk,
    file: _Upload,
    explanations: _Reasons = "[]",
    correction_reason: _Why = "",
) -> Any:
    """The receipt comes at once; the official check follows within seconds."""
    name, data = _read(file, request.app.state.settings)
    reasons = _explanations(explanations)
    try:
        receipt = _known(
            lambda: place.file_by_key(key.uscc, key.id, name, data, reasons, correction_reason)
        )
    except CorrectionUnexplained as correction:
        raise _why(correction) from None
    said = Receipt(
        receipt=receipt.number,
        file=receipt.file_name,
        sha256=receipt.sha256,
        size=receipt.size,
        received_at=receipt.received_at,
        again=receipt.again,
    )
    return JSONResponse(said.model_dump(mode="json"), 200 if receipt.again else 201)


@routes.get(
    "/submissions",
    summary="What was sent, newest first",
    response_model=list[SubmissionOut],
    responses=described(503),
)
def sent(key: Key, place: Desk, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Any:
    return [_submission(own) for own in place.submissions(key.uscc, limit)]


@routes.get(
    "/submissions/{receipt}",
    summary="One submission and where it stands",
    response_model=SubmissionOut,
    responses=described(404, 503),
)
def one(key: Key, place: Desk, receipt: _Receipt) -> Any:
    return _submission(_own(place, key, receipt))


@routes.get(
    "/submissions/{receipt}/verdict",
    summary="What the official run decided",
    response_model=SubmissionVerdict,
    responses=described(404, 503),
)
def verdict(key: Key, place: Desk, receipt: _Receipt) -> Any:
    """In state `received` the run has not looked yet: ask again after some seconds."""
    return place.outcome(_own(place, key, receipt))


@routes.get(
    "/submissions/{receipt}/findings",
    summary="Its findings alone",
    response_model=list[Finding],
    responses=described(404, 503),
)
def findings(key: Key, place: Desk, receipt: _Receipt) -> Any:
    return place.outcome(_own(place, key, receipt)).get("findings", [])


def too_many(seconds: int) -> Problem:
    """The answer to a key that asks too often."""
    return Problem(
        429,
        "too_many_requests",
        Words(
            f"请求过于频繁，请 {seconds} 秒后再试。",
            f"Too many requests: try again in {seconds} s.",
        ),
        {"Retry-After": str(seconds)},
    )


def too_large(settings: Settings) -> Problem:
    megabytes = settings.api.max_bytes // (1024 * 1024)
    return Problem(
        413,
        "too_large",
        Words(
            f"文件超过 {megabytes} MB。请分月报送，或交由收件目录报送。",
            f"The file is larger than {megabytes} MB: send it month by month, or by the inbox.",
        ),
    )


def _read(file: UploadFile, settings: Settings) -> tuple[str, bytes]:
    name = (file.filename or "").strip()
    if not name or len(name) > 200 or not name.isprintable():
        raise Problem(
            422,
            "file_name",
            Words("请给出文件名（200 字以内）。", "Give the file a name of up to 200 characters."),
        )
    data = file.file.read(settings.api.max_bytes + 1)
    if len(data) > settings.api.max_bytes:
        raise too_large(settings)
    return name, data


def _explanations(text: str) -> tuple[Explanation, ...]:
    try:
        given = _EXPLANATIONS.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Problem(
            422,
            "explanations",
            Words(
                f"explanations 应为 JSON 列表，每项含 id、line、column、reason；{where}：{first['msg']}",
                f"explanations: a JSON list of id, line, column, reason; {where}: {first['msg']}",
            ),
        ) from None
    return tuple(Explanation(one.id, one.line, one.column, one.reason) for one in given)


def _known(act: Callable[[], T]) -> T:
    try:
        return act()
    except UnknownEnterprise:
        raise Problem(
            409,
            "not_registered",
            Words(
                "贵企业还没有列入企业名录，列入后即可报送。请联系数据管理员。",
                "The enterprise is not in the register in force; ask the data steward.",
            ),
        ) from None


def _why(correction: CorrectionUnexplained) -> Problem:
    months = [f"{month:%Y-%m}" for month in correction.months]
    return Problem(
        422,
        "correction_reason",
        Words(
            f"{'、'.join(months)} 的报表已过截止日，且已有生效的版本，再报即为更正。"
            f"请在 correction_reason 中写明更正原因（至少 {SHORTEST_REASON} 个字），连同文件重新发送；"
            "本次未收件。",
            f"The report of {', '.join(months)} is past its due day and a version is in force, so "
            "this file is a correction. Send it again with the reason in correction_reason "
            f"(at least {SHORTEST_REASON} characters). Nothing was filed.",
        ),
    )


def _own(office: Office, key: ApiKey, receipt: str) -> OwnSubmission:
    try:
        return office.submission(key.uscc, receipt)
    except UnknownSubmission:
        raise Problem(
            404,
            "no_submission",
            Words(f"没有回执 {receipt}。", f"There is no receipt {receipt} of this enterprise."),
        ) from None


def _submission(own: OwnSubmission) -> SubmissionOut:
    submission = own.submission
    return SubmissionOut(
        receipt=submission.receipt,
        file=submission.file_name,
        sha256=submission.sha256,
        size=submission.size,
        form=submission.form,
        channel=submission.channel,
        received_at=submission.attempt_received_at,
        attempt=submission.attempt,
        state=submission.state.value,
        standing=own.standing,
        errors=own.count("error"),
        warnings=own.count("warning"),
        filings=[
            FilingOut(
                filing=one.id,
                enterprise=one.subject,
                period=f"{one.period:%Y-%m}" if one.period else None,
                version=one.version,
                state=one.state.value,
            )
            for one in own.filings
        ],
    )
