"""What goes wrong, as RFC 9457 problems: one word for programs, a sentence in two languages for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as StarletteHTTPException

from greenmfg.contract import Words

MEDIA_TYPE = "application/problem+json"


class ProblemBody(BaseModel):
    """The answer to a request that was not served."""

    code: str = Field(description="The kind of problem, for programs.", examples=["no_key"])
    status: int = Field(description="The HTTP status.")
    message: str = Field(description="What is wrong and what to do, in Chinese.")
    message_en: str = Field(description="The same in English.")


class Problem(Exception):
    """Raised anywhere below a route; the handler answers it."""

    def __init__(
        self, status: int, code: str, words: Words, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(words.en)
        self.status = status
        self.code = code
        self.words = words
        self.headers = dict(headers or {})


_OF_STATUS = {
    404: ("not_found", Words("没有这个地址。", "There is no such address.")),
    405: (
        "method_not_allowed",
        Words("这个地址不支持该方法。", "This address has no such method."),
    ),
}
_OURS = (
    "fault",
    Words(
        "系统出现故障，已记录，请稍后重试。", "The fault is ours and on record; please try later."
    ),
)


def answer_problem(_request: Request, problem: Exception) -> JSONResponse:
    """The handler of `Problem`."""
    assert isinstance(problem, Problem)
    return _response(problem.status, problem.code, problem.words, problem.headers)


def answer_http(_request: Request, error: Exception) -> JSONResponse:
    """The handler of what Starlette itself refuses."""
    assert isinstance(error, StarletteHTTPException)
    detail = str(error.detail)
    code, words = _OF_STATUS.get(error.status_code, ("bad_request", Words(detail, detail)))
    return _response(error.status_code, code, words, error.headers or {})


def answer_invalid(_request: Request, error: Exception) -> JSONResponse:
    """The handler of parameters that are missing or unfit: each is named."""
    assert isinstance(error, RequestValidationError)
    named = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
    return _response(422, "invalid", Words(f"参数有误：{named}", f"Invalid request: {named}"), {})


def answer_fault(_request: Request, _error: Exception) -> JSONResponse:
    """The handler of everything else, which is our fault; the server logs it."""
    return _response(500, *_OURS, {})


def _response(status: int, code: str, words: Words, headers: Mapping[str, str]) -> JSONResponse:
    body: dict[str, Any] = ProblemBody(
        code=code, status=status, message=words.zh, message_en=words.en
    ).model_dump()
    return JSONResponse(
        body, status, headers={"Cache-Control": "no-store", **headers}, media_type=MEDIA_TYPE
    )


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of the problems that a route may answer with."""
    schema = {"$ref": "#/components/schemas/ProblemBody"}
    return {
        status: {"description": _MEANING[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in (400, 401, 405, 422, 429, *statuses)
    }


_MEANING = {
    400: "The request cannot be read.",
    401: "No key, or a key that is unknown, expired or revoked.",
    404: "There is no such submission of this enterprise.",
    405: "The address has no such method.",
    409: "The enterprise is not in the register in force.",
    411: "The length of the body is not said.",
    413: "The file is larger than may be sent here.",
    422: "A parameter is missing or unfit.",
    429: "Too many requests; Retry-After says when to try again.",
    503: "The platform has not been set up yet.",
}
