"""What other machines send us: reports of mail that came back."""

import base64
import binascii
import json
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt

from letters import bounces
from letters.public import moment
from letters.services import bouncing
from letters.typed import whole

MOST_SENT = 1024 * 1024  # bytes
MOST_REPORTS = 1000
# Where services put a whole mail in a form: Mailgun's routes, SendGrid's inbound parse; others as files called message.
FORM_FIELDS = ("body-mime", "email", "message")
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class Unreadable(Exception):
    """What was sent is no report that we know; the words say why."""


def machine_page(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """An address for machines: no cookie, no form of ours, kept by nobody and found by no search engine."""

    @wraps(view)
    def wrapper(request: HttpRequest) -> HttpResponse:
        response = view(request)
        add_never_cache_headers(response)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return login_not_required(csrf_exempt(wrapper))  # type: ignore[arg-type]


@machine_page
def bounce_hook(request: HttpRequest) -> HttpResponse:
    """Takes reports of mail that came back from a mail server or a service that knows ``BOUNCE_SECRET``; where none is set
    there is no such address. 204 also for what says nothing about a message of ours: to send it again would help nobody."""
    if not settings.BOUNCE_SECRET:
        raise Http404
    if not is_known(request):
        answer = says("The secret is missing or wrong.", 401)
        answer.headers["WWW-Authenticate"] = 'Bearer, Basic realm="bounces"'
        return answer
    if request.method != "POST":
        answer = says("Reports are sent with POST.", 405)
        answer.headers["Allow"] = "POST"
        return answer
    length = whole(request.META.get("CONTENT_LENGTH") or "0")
    if length is None or length > MOST_SENT:
        return says("A report may be one megabyte at most.", 413)
    try:
        found = reports(request)
    except Unreadable as error:
        return says(str(error), 400)
    for report in found:
        bouncing.note_bounce(report, at=moment(request))
    return HttpResponse(status=204)


def says(words: str, status: int) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")


def is_known(request: HttpRequest) -> bool:
    """Whether the request carries the secret, as a bearer token (RFC 6750) or as the password of HTTP Basic (RFC 7617),
    compared in constant time."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given.strip(), validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, ValueError):
            return False
    elif scheme.lower() != "bearer":
        return False
    return secrets.compare_digest(given.strip().encode(), settings.BOUNCE_SECRET.encode())


def reports(request: HttpRequest) -> list[bounces.Report]:
    """The reports in a request: JSON, a whole mail, or a form with one. Raises ``Unreadable``."""
    kind = request.content_type or ""
    if kind == "application/json":
        return from_json(request.body)
    if kind in FORMS:
        mails = from_form(request)
    elif kind in ("message/rfc822", "text/plain", "application/octet-stream", ""):
        mails = [request.body] if request.body.strip() else []
    else:
        raise Unreadable("Send a mail as message/rfc822, a form with body-mime, or JSON.")
    if not mails:
        raise Unreadable("There is no mail in it.")
    found = [bounces.read(mail) for mail in mails]
    return [report for report in found if report is not None]


def from_form(request: HttpRequest) -> list[bytes]:
    """The mails in a form: as a field, or as a file."""
    try:
        fields = [request.POST[name] for name in FORM_FIELDS if name in request.POST]
        files = [file for name in request.FILES for file in request.FILES.getlist(name)]
        return [text.encode("utf-8", "replace") for text in fields] + [file.read() for file in files]
    except (MultiPartParserError, SuspiciousOperation):
        raise Unreadable("The form cannot be read.") from None


def from_json(body: bytes) -> list[bounces.Report]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("This is not JSON.") from None
    listed = given if isinstance(given, list) else [given]
    if len(listed) > MOST_REPORTS:
        raise Unreadable(f"A list may hold {MOST_REPORTS} reports at most.")
    return [one_of_json(one) for one in listed]


def one_of_json(given: Any) -> bounces.Report:
    """A report such as ``{"message_id": "<…>", "kind": "bounced", "status": "5.1.1", "words": "…"}``."""
    if not isinstance(given, dict):
        raise Unreadable("A report is an object with message_id and kind.")
    told = {name: given.get(name) or "" for name in ("message_id", "kind", "status", "words")}
    if not all(isinstance(value, str) for value in told.values()):
        raise Unreadable("message_id, kind, status and words are text.")
    message_id = bounces.clean_id(told["message_id"])
    if not message_id:
        raise Unreadable("message_id is not a Message-ID.")
    if told["kind"] not in bounces.KINDS:
        raise Unreadable(f"kind is one of: {', '.join(bounces.KINDS)}.")
    status = bounces.clean_status(told["status"])
    if told["status"] and status != told["status"].strip():
        raise Unreadable("status is a code such as 5.1.1.")
    return bounces.Report(told["kind"], message_id, status, bounces.clean_words(told["words"]))
