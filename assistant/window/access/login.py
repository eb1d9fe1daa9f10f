"""The addresses /login and /logout, and the page that asks for a name and a password."""

from typing import TYPE_CHECKING

from assistant.window.access.gate import COOKIE, address_of
from assistant.window.access.sessions import SESSION_SECONDS, SignIn, TooManyTries

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from fastapi.responses import Response


def login_page(message: str = "") -> str:
    """The page that asks for a name and a password."""
    from markupsafe import Markup

    from assistant.render.html import render
    from assistant.window.theme import style

    return render("login_page.html", style=Markup(style()), message=message)


def add_login(app: "FastAPI", sign_in: SignIn, root_path: str) -> None:
    """Declare the addresses. Browsers are answered with pages, other clients with JSON."""
    from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

    path = root_path or "/"

    def refusal(request: "Request", status: int, message: str, **headers: str) -> "Response":
        if "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(login_page(message), status, headers)
        return JSONResponse({"detail": message}, status, headers)

    @app.get("/login")
    def form() -> HTMLResponse:
        return HTMLResponse(login_page())

    async def signed_in(request: "Request") -> "Response":
        given = await request.form()
        try:
            key = await sign_in.open(
                str(given.get("username", "")), str(given.get("password", "")), address_of(request.scope)
            )
        except TooManyTries as error:
            return refusal(request, 429, str(error), **{"retry-after": str(error.seconds)})
        if key is None:
            return refusal(request, 401, "Wrong name or password. Try again.")
        from_page = "text/html" in request.headers.get("accept", "")
        answer = RedirectResponse(f"{root_path}/", 303) if from_page else JSONResponse({"success": True})
        answer.set_cookie(
            COOKIE, key, max_age=SESSION_SECONDS, httponly=True, samesite="lax", path=path,
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    def signed_out(request: "Request") -> RedirectResponse:
        sign_in.end(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse(f"{root_path}/login", 303)
        answer.delete_cookie(COOKIE, path=path)
        return answer

    app.add_route("/login", signed_in, methods=["POST"])
    app.add_route("/logout", signed_out, methods=["GET"])
