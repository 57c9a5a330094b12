"""Sign in, change the password, sign out, change the language: plain HTTP forms and routes."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from front import cookies, identity, paths
from front.language import Language, language_of
from front.public_figures import public_figures
from front.shell import static
from front.words import say
from greenmfg.access import AccessError, Door, Person, SignedIn, TooManyAttempts
from greenmfg.settings import Settings

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)
_FORM_BYTES = 8 * 1024
_FORM_TOKEN_SECONDS = 15 * 60


class FormTooLarge(ValueError):
    """More was sent than any of these forms holds."""


class SignInRoutes:
    """The routes under `/account/`."""

    def __init__(self, settings: Settings, door: Door) -> None:
        self._settings = settings
        self._door = door

    def routes(self) -> list[Route]:
        return [
            Route(paths.SIGN_IN, self.sign_in, methods=["GET", "POST"]),
            Route(paths.CHANGE_PASSWORD, self.change_password, methods=["GET", "POST"]),
            # GET is answered here too, or Streamlit would answer it with its own shell.
            Route(paths.SIGN_OUT, self.sign_out, methods=["GET", "POST"]),
            Route(paths.LANGUAGE, change_language, methods=["GET"]),
            Route(paths.IDENTITY, self.to_provider, methods=["GET"]),
            Route(paths.IDENTITY_ENTER, self.from_provider, methods=["GET"]),
        ]

    async def sign_in(self, request: Request) -> Response:
        if request.method == "GET":
            return await self._sign_in_page(request)
        words = say(language_of(request.cookies))
        form = await _own_form(request)
        if form is None:
            return await self._sign_in_page(request, words("sign_in.stale"), 403)
        # No account has a longer login than the column holds.
        login = form.get("login", "").strip()[:64]
        entered = await run_in_threadpool(
            self._door.login,
            login,
            form.get("password", ""),
            _address(request),
            request.cookies.get(cookies.DEVICE),
        )
        if isinstance(entered, SignedIn):
            # The session that was open here ends: a token is never carried over a sign-in.
            await run_in_threadpool(self._door.logout, request.cookies.get(cookies.SESSION))
            return _entered(request, entered)
        if isinstance(entered, TooManyAttempts):
            seconds = entered.retry_after_seconds
            message = words("sign_in.wait", seconds=seconds)
            page = await self._sign_in_page(request, message, 429, login)
            page.headers["retry-after"] = str(seconds)
            return page
        return await self._sign_in_page(request, words("sign_in.wrong"), 401, login)

    async def _sign_in_page(
        self, request: Request, error: str = "", status: int = 200, login: str = ""
    ) -> Response:
        figures = await run_in_threadpool(public_figures, self._settings)
        provider = paths.IDENTITY if self._settings.oidc is not None else None
        return _page(
            request, "sign_in.html", status, error=error, login=login, figures=figures,
            provider=provider,
        )  # fmt: skip

    async def to_provider(self, request: Request) -> Response:
        """On to the identity provider, by Streamlit's sign-in. The gate opens this address only
        where there is one."""
        oidc = self._settings.oidc
        if oidc is None or not await identity.answers(oidc):
            words = say(language_of(request.cookies))
            return await self._sign_in_page(request, words("provider.away"), 503)
        response = RedirectResponse(identity.start_address(), 303)
        response.set_cookie(
            cookies.IDENTITY, "1", max_age=_FORM_TOKEN_SECONDS, httponly=True, samesite="lax",
            secure=_secure(request), path="/",
        )  # fmt: skip
        return response

    async def from_provider(self, request: Request) -> Response:
        """Back from it: a session for the account that was given the identity, or a plain word."""
        oidc = self._settings.oidc
        words = say(language_of(request.cookies))
        started = cookies.IDENTITY in request.cookies
        vouched = oidc and started and identity.vouched_for(request.cookies, oidc)
        if not vouched:
            return self._not_entered(
                request, await self._sign_in_page(request, words("provider.broken_off"), 401)
            )
        entered = await run_in_threadpool(self._door.enter, vouched.identity, _address(request))
        if entered is None:
            message = words("provider.no_account", identity=vouched.shown)
            return self._not_entered(request, await self._sign_in_page(request, message, 403))
        await run_in_threadpool(self._door.logout, request.cookies.get(cookies.SESSION))
        response = _entered(request, entered)
        response.delete_cookie(cookies.IDENTITY, path="/")
        return response

    def _not_entered(self, request: Request, page: Response) -> Response:
        """Nothing of what the provider said stays in the browser."""
        for name in request.cookies:
            if name == cookies.IDENTITY or name.startswith(identity.PROVIDER_COOKIES):
                page.delete_cookie(name, path="/")
        return page

    async def change_password(self, request: Request) -> Response:
        person: Person = request.state.person
        if request.method == "GET":
            return _password_page(request, person)
        words = say(language_of(request.cookies))
        form = await _own_form(request)
        if form is None:
            return _password_page(request, person, words("sign_in.stale"), 403)
        new = form.get("new", "")
        if new != form.get("again", ""):
            return _password_page(request, person, words("password.differ"), 400)
        checked = await run_in_threadpool(
            self._door.login,
            person.login,
            form.get("current", ""),
            _address(request),
            request.cookies.get(cookies.DEVICE),
        )
        if not isinstance(checked, SignedIn):
            return _password_page(request, person, words("password.wrong"), 401)
        try:
            await run_in_threadpool(self._door.set_password, person.login, new)
        except AccessError as refused:
            await run_in_threadpool(self._door.logout, checked.token)
            message = language_of(request.cookies).of(refused.words)
            return _password_page(request, person, message, 400)
        entered = await run_in_threadpool(
            self._door.login, person.login, new, _address(request), None
        )
        if not isinstance(entered, SignedIn):
            return RedirectResponse(paths.SIGN_IN, 303)
        return _entered(request, entered)

    async def sign_out(self, request: Request) -> Response:
        if request.method != "POST":
            return PlainTextResponse("405\n", 405, headers={"Allow": "POST"})
        if not _same_origin(request):
            return PlainTextResponse("403\n", 403)
        token = request.cookies.get(cookies.SESSION)
        by_provider = await run_in_threadpool(self._door.came_by_identity, token)
        await run_in_threadpool(self._door.logout, token)
        response: Response
        if by_provider and self._settings.oidc is not None:
            # A form may lead to our own host only, so a page goes on to the provider's sign-out.
            response = _page(request, "signed_out.html", 200, onward=paths.PROVIDER_LOGOUT)
        else:
            response = RedirectResponse(paths.SIGN_IN, 303)
        response.delete_cookie(cookies.SESSION, path="/")
        return response


async def change_language(request: Request) -> Response:
    """Remembers the language and goes back to where the reader was."""
    asked = request.query_params.get("to")
    language = Language.EN if asked == Language.EN else Language.ZH
    back = request.query_params.get("back", "/")
    response = RedirectResponse(back if paths.is_own_path(back) else "/", 303)
    response.set_cookie(
        cookies.LANGUAGE,
        language.value,
        max_age=cookies.YEAR_SECONDS,
        samesite="lax",
        secure=_secure(request),
        path="/",
    )
    return response


def _page(request: Request, template: str, status: int, **values: object) -> Response:
    language = language_of(request.cookies)
    token = secrets.token_urlsafe(24)
    text = _TEMPLATES.get_template(template).render(
        language=language,
        say=say(language),
        form_token=token,
        style=static("sign_in.css"),
        icon=static("leaf.png"),
        sign_in=paths.SIGN_IN,
        change_password=paths.CHANGE_PASSWORD,
        change_language=paths.LANGUAGE,
        **values,
    )
    response = HTMLResponse(text, status, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        cookies.FORM_TOKEN,
        token,
        max_age=_FORM_TOKEN_SECONDS,
        httponly=True,
        samesite="strict",
        secure=_secure(request),
        path=paths.ACCOUNT,
    )
    return response


def _password_page(
    request: Request, person: Person, error: str = "", status: int = 200
) -> Response:
    return _page(request, "password.html", status, error=error, person=person)


def _entered(request: Request, entered: SignedIn) -> Response:
    response = RedirectResponse("/", 303)
    secure = _secure(request)
    response.set_cookie(
        cookies.SESSION, entered.token, httponly=True, samesite="lax", secure=secure, path="/"
    )
    if entered.device is not None:
        response.set_cookie(
            cookies.DEVICE,
            entered.device,
            max_age=cookies.YEAR_SECONDS,
            httponly=True,
            samesite="strict",
            secure=secure,
            path=paths.ACCOUNT,
        )
    response.delete_cookie(cookies.FORM_TOKEN, path=paths.ACCOUNT)
    return response


async def _own_form(request: Request) -> dict[str, str] | None:
    """The form's fields, or None where it did not come from our own page."""
    try:
        fields = await _fields(request)
    except (FormTooLarge, UnicodeDecodeError):
        return None
    sent, kept = fields.get("form_token", ""), request.cookies.get(cookies.FORM_TOKEN, "")
    if not kept or not hmac.compare_digest(sent.encode(), kept.encode()):
        return None
    return fields if _same_origin(request) else None


async def _fields(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _FORM_BYTES:
            raise FormTooLarge
    parsed = parse_qs(body.decode("utf-8"), keep_blank_values=True)
    return {name: values[0] for name, values in parsed.items()}


def _same_origin(request: Request) -> bool:
    """Browsers send Origin with every POST; one that is missing came from no page."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
