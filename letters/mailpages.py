"""Mail kept as files, as pages: for trying the site without a mail server, while ``DEBUG`` is on. Otherwise there are none."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from functools import wraps
from pathlib import Path
from typing import Any

from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

MOST = 200  # messages in the list
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}")
HEAD = "<head>"
# A link in a message opens in place of the page that shows it.
LINKS_LEAD_OUT = '<head>\n<base target="_top">'
PARSED: Any = policy.default
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Listed:
    """A message in the list."""

    name: str
    to: str
    subject: str
    at: datetime


def while_trying(view: View) -> View:
    """A page that there is only while ``DEBUG`` is on and mail goes to files; kept by nobody, found by no search engine."""

    @wraps(view)
    def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not settings.DEBUG or settings.EMAIL_BACKEND != "letters.mailfiles.EmailBackend":
            raise Http404
        response = view(request, **kwargs)
        add_never_cache_headers(response)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return login_not_required(wrapper)  # type: ignore[arg-type]


@while_trying
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """The messages, the newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)
    return render(
        request, "mailfiles/list.html", {"nowhere": True, "mails": [_listed(file) for file in files[:MOST]]}
    )


@while_trying
@require_safe
def mail_page(request: HttpRequest, *, name: str) -> HttpResponse:
    """One message: its HTML in a frame whose links lead out of it, and its text."""
    file = Path(settings.EMAIL_FILE_PATH) / f"{name}.eml"
    if not NAME.fullmatch(name) or not file.is_file():
        raise Http404
    mail: EmailMessage = BytesParser(policy=PARSED).parsebytes(file.read_bytes())
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    context = {
        "nowhere": True,  # there is no such page in another language
        "mail": _listed(file),
        "html": html.get_content().replace(HEAD, LINKS_LEAD_OUT, 1) if html else "",
        "text": text.get_content() if text else "",
        "attachments": [part.get_filename() for part in mail.iter_attachments()],
    }
    response = render(request, "mailfiles/mail.html", context)
    # The frame has this page's policy, and a message its own style.
    response.headers["Content-Security-Policy"] = build_policy(
        update={"style-src": ["'self'", "'unsafe-inline'"]}
    )
    return response


def _listed(file: Path) -> Listed:
    with file.open("rb") as opened:
        head = BytesHeaderParser(policy=PARSED).parse(opened)
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return Listed(file.stem, str(head["To"]), str(head["Subject"]), at)
