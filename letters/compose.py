"""A queued message as a real one: HTML from ``templates/emails/<kind>.html``, the subject and the plain text from that
HTML, links from the message's keys."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from letters import keys, mailtext
from letters.changes import between
from letters.enclosing import Enclosed, enclosed
from letters.languages import heading
from letters.models import Delivery, Message, Response, TextVersion, Update
from letters.templatetags.mailing import isolated
from letters.theme import mail_colours
from letters.times import moment_in

# White space but for the spaces that some languages put before a mark.
BREAKS = re.compile(r"[^\S\u00a0\u202f]+")
SUBJECT_NAME = 60  # characters of a title or a name in a subject line
# Rows that a template shows, read when the message is written: a context holds ``version_id``, the template ``version``.
ROWS: dict[str, Any] = {
    "version": TextVersion,
    "before": TextVersion,
    "delivery": Delivery,
    "response": Response,
    "update": Update,
}
# Kinds that answer an act of the reader's own. All others carry a link that stops them, ``stop_url``.
ANSWERS = frozenset(
    ("accepted", "colleague", "confirm", "correction", "private_link", "receipt", "refused", "withdrawn")
)


@dataclass(frozen=True)
class Words:
    """What a message says: the same in both forms."""

    subject: str
    text: str
    html: str


def compose(
    message: Message, *, redacted: bool = False, shown: Mapping[str, Any] | None = None
) -> EmailMultiAlternatives:
    """The message to send, as text and as HTML.

    With ``redacted`` its keys are shown as ``***`` (for the desk). ``shown`` gives what the template shows instead of
    rows of the database, for samples. Raises ``ValueError`` when the message's recipient or keys were erased already.
    """
    if not message.recipient:
        raise ValueError("its recipient was erased")
    letter = message.letter
    paper = _paper(message)
    context = dict(message.context) | links(message, redacted=redacted) | {"attached": paper is not None}
    context |= shown if shown is not None else rows(message.context)
    words = written(message, context)
    mail = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.recipient],
        reply_to=[letter.contact_email] if letter and letter.contact_email else None,
        headers={
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
            **thread(message),
            **stopping(str(context.get("stop_url", ""))),
        },
    )
    mail.attach_alternative(words.html, "text/html")
    if paper is not None:
        mail.attach(paper.name, paper.content, paper.type)
    return mail


def written(message: Message, context: Mapping[str, Any]) -> Words:
    """What the message says, in its language; ``context`` holds what its template shows."""
    letter = message.letter
    with translation.override(message.language):
        full: dict[str, Any] = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        full |= {"title": "", "letter": letter, "home_url": settings.SITE_URL + reverse("letters"), **context}
        if letter is not None:
            full["title"] = heading(letter, message.language).title
        if "until_at" in context and letter is not None:
            full["until"] = moment_in(datetime.fromisoformat(context["until_at"]), letter)
        if "before" in context:
            full["comparisons"] = between(context["before"], context["version"])
        names = {name: str(full[name]) for name in ("title", "signatory") if full.get(name)}
        full |= {name: isolated(words) for name, words in names.items()}
        full["brief"] = {name: isolated(short(words)) for name, words in names.items()}
        full["colours"] = mail_colours(settings.SITE_ACCENT)
        html = render_to_string(f"emails/{message.kind}.html", full).strip() + "\n"
    tree = mailtext.parsed(html)
    return Words(BREAKS.sub(" ", mailtext.subject_of(tree)), mailtext.text_of(tree), html)


def rows(context: Mapping[str, Any]) -> dict[str, Any]:
    """The rows that a message's context names."""
    return {
        name: model.objects.select_related("letter").get(pk=context[f"{name}_id"])
        for name, model in ROWS.items()
        if f"{name}_id" in context
    }


def short(name: str) -> str:
    """A long name as a subject line has room for: cut at a word."""
    if len(name) <= SUBJECT_NAME or " " not in name[:SUBJECT_NAME]:
        return name
    return name[:SUBJECT_NAME].rpartition(" ")[0].rstrip(" ,;:.–—") + "…"


def links(message: Message, *, redacted: bool = False) -> dict[str, str]:
    """The whole addresses that the message's keys open, in its language, by their names in the template."""
    found = {}
    with translation.override(message.language):
        for name, (address, purpose, nonce) in message.keys.items():
            key = "***" if redacted else keys.derive(purpose, nonce)
            found[name] = settings.SITE_URL + reverse(address, args=[key])
    return found


def thread(message: Message) -> dict[str, str]:
    """The headers by which a mail program puts the message under those about the same thing that this reader got before
    (RFC 5322, 3.6.4): the first and the last of them."""
    if not message.subject_ref or message.pk is None:
        return {}
    sent = Message.objects.filter(
        subject_ref=message.subject_ref,
        recipient=message.recipient,
        state=Message.State.SENT,
        pk__lt=message.pk,
    )
    ids = list(sent.order_by("pk").values_list("message_id", flat=True))
    if not ids:
        return {}
    return {"In-Reply-To": ids[-1], "References": " ".join(dict.fromkeys((ids[0], ids[-1])))}


def stopping(url: str) -> dict[str, str]:
    """The headers that tell a mail program how mail of this kind is stopped, which it offers as a button (RFC 8058)."""
    if not url:
        return {}
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _paper(message: Message) -> Enclosed | None:
    """The letter's document, where the message is to carry one."""
    form = message.context.get("document", "")
    if not form or message.letter is None or message.pk is None:
        return None
    return enclosed(message.letter, message.language, form)
