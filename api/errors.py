"""Problems to answers, in one place: a page for browsers, problem+json (RFC 9457) for programs."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.guard import StaleForm, TooLarge
from api.kept import STAFF_SIGN_IN, kept_words, page_before, resume_page, sign_in_page
from api.machine import Unsigned
from api.rendering import render
from api.who import SignInNeeded, Unauthenticated
from cases.errors import Conflict, Forbidden, Invalid, NotFound, Problem, TooMany, Unavailable

log = structlog.get_logger(__name__)

STATUS: dict[type[Problem], int] = {
    NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422, TooMany: 429, Unavailable: 503,
}  # fmt: skip
TITLES = {
    401: "请先登录", 403: "不能办理", 404: "没有找到", 405: "不支持的操作", 409: "情况有变", 413: "内容过大",
    422: "有内容需要修改", 429: "请稍后再试", 500: "系统出错", 503: "暂时无法使用",
}  # fmt: skip
TOO_LARGE = (
    "提交的内容过大：文字合计不超过12 MB，附件合计不超过64 MB。请返回上一页减少内容后重新提交，已填写的内容仍在上一页。"
)
UNEXPECTED = "系统出错，本次操作没有完成。错误已经记录，请稍后重试；仍不能办理的，请联系管理员。"


def status_of(problem: Problem) -> int:
    return next((STATUS[kind] for kind in type(problem).__mro__ if kind in STATUS), 500)


def is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def answer(request: Request, status: int, sentence: str, **more: Any) -> Response:
    title = TITLES.get(status, TITLES[500])
    if is_api(request):
        body = {"type": "about:blank", "title": title, "status": status, "detail": sentence, **more}
        headers = {"www-authenticate": "Bearer"} if status == 401 else {}
        return JSONResponse(body, status, headers, media_type="application/problem+json")
    return render(request, "problem.html", status, title=title, sentence=sentence, words=(), back="")


def install(app: FastAPI) -> None:
    @app.exception_handler(Problem)
    async def _problem(request: Request, problem: Problem) -> Response:
        page = resume_page(request, problem.form) if isinstance(problem, StaleForm) else None
        if page is not None:
            return page
        more = {"code": problem.code} | ({"fields": problem.fields} if isinstance(problem, Invalid) else {})
        if isinstance(problem, Conflict | Invalid) and request.method == "POST" and not is_api(request):
            title = TITLES[status_of(problem)]
            words, back = kept_words(await request.form()), page_before(request)
            return render(
                request, "problem.html", status_of(problem), title=title, sentence=problem.sentence,
                words=words, back=back,
            )  # fmt: skip
        return answer(request, status_of(problem), problem.sentence, **more)

    @app.exception_handler(SignInNeeded)
    async def _sign_in(request: Request, needed: SignInNeeded) -> Response:
        if request.method == "POST":
            page = await sign_in_page(request, needed.to)
            if page is not None:
                return page
            before = f"?next={quote(page_before(request))}" if needed.to == STAFF_SIGN_IN else ""
            return RedirectResponse(needed.to + before, 303)
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        target = f"{needed.to}?next={quote(back)}" if needed.to == STAFF_SIGN_IN else needed.to
        return RedirectResponse(target, 303)

    @app.exception_handler(Unauthenticated)
    async def _unauthenticated(request: Request, _: Unauthenticated) -> Response:
        return answer(request, 401, "令牌缺失、无效或已过期，请重新登录取得。", code="unauthenticated")

    @app.exception_handler(Unsigned)
    async def _unsigned(request: Request, unsigned: Unsigned) -> Response:
        return answer(request, 401, unsigned.sentence, code="unsigned")

    @app.exception_handler(TooLarge)
    async def _too_large(request: Request, _: TooLarge) -> Response:
        return answer(request, 413, TOO_LARGE, code="too_large")

    @app.exception_handler(RequestValidationError)
    async def _validation(request: Request, error: RequestValidationError) -> Response:
        # Only where and what kind: the value itself may be personal.
        fields = {".".join(str(part) for part in item["loc"][1:]): str(item["msg"]) for item in error.errors()}
        return answer(request, 422, "请求的内容不符合接口要求。", code="invalid", fields=fields)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 413 or isinstance(error.__cause__, TooLarge):
            return answer(request, 413, TOO_LARGE, code="too_large")
        sentences = {404: "这个地址没有内容，请核对网址，或从首页重新进入。", 405: "这个地址不支持这种操作。"}
        return answer(request, error.status_code, sentences.get(error.status_code, UNEXPECTED))

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, error: Exception) -> Response:
        # The class alone: messages of libraries may repeat what a person typed.
        log.error("request failed", path=request.url.path, method=request.method, error=type(error).__name__)
        return answer(request, 500, UNEXPECTED)
