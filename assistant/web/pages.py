"""The server-rendered pages: templates with automatic escaping, a policy without any script."""

from __future__ import annotations

import secrets
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from assistant.web import links, rendering
from assistant.web.access import visitor_now
from assistant.web.security import FORM_POLICY, PAGE_POLICY

HERE = Path(__file__).resolve().parent
LOOK = HERE / "static"

_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates", encoding="utf-8"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=lambda value: rendering.visible(value) if type(value) is str else value,
)
_TEMPLATES.filters.update(
    theme=rendering.theme_name,
    web_address=links.web_address,
    host=links.host_of,
    editing=links.to_editing,
    suggesting=links.to_suggesting,
)


_TEMPLATES.globals["visitor"] = visitor_now


def fill(template: str, **values: object) -> str:
    """The template's text, every value escaped unless it is markup of our own."""
    return _TEMPLATES.get_template(template).render(**values)


def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A whole page."""
    headers = {"Content-Security-Policy": PAGE_POLICY}
    return HTMLResponse(fill(template, **values), status, headers)


def form(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A whole page that has a form of ours in it."""
    headers = {"Content-Security-Policy": FORM_POLICY}
    return HTMLResponse(fill(template, **values), status, headers)


def scripted(template: str, **values: object) -> HTMLResponse:
    """A whole page with a form and a script of ours, which carries the page's `nonce`."""
    nonce = secrets.token_urlsafe(18)
    policy = f"{FORM_POLICY}; script-src 'nonce-{nonce}'; connect-src 'self'"
    body = fill(template, nonce=nonce, **values)
    return HTMLResponse(body, headers={"Content-Security-Policy": policy})


def message(title: str, sentence: str, status: int) -> HTMLResponse:
    """A page that says one thing: not found, not ready, went wrong."""
    return page("message.html", status, title=title, sentence=sentence)
