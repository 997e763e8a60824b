"""A queued message as a real one: subject and text from ``templates/emails/<kind>.txt``, links from its keys."""

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from letters import keys
from letters.changes import between
from letters.languages import heading
from letters.models import Delivery, Message, Response, TextVersion, Update
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


def compose(message: Message, *, redacted: bool = False) -> EmailMessage:
    """The message to send. The first line of the template is the subject, the rest the text.

    With ``redacted`` its keys are shown as ``***`` (for the desk). Raises ``ValueError`` when the message's
    recipient or keys were erased already.
    """
    if not message.recipient:
        raise ValueError("its recipient was erased")
    with translation.override(message.language):
        context = dict(message.context) | links(message, redacted=redacted)
        own = heading(message.letter, message.language).title if message.letter else ""
        context |= {"title": own, "home_url": settings.SITE_URL + reverse("letters")}
        context |= {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "letter": message.letter}
        if "until_at" in context and message.letter:
            context["until"] = moment_in(datetime.fromisoformat(context["until_at"]), message.letter)
        for name, model in ROWS.items():
            if f"{name}_id" in context:
                context[name] = model.objects.select_related("letter").get(pk=context[f"{name}_id"])
        if "before_id" in context:
            context["comparisons"] = between(context["before"], context["version"])
        template = f"emails/{message.kind}.txt"
        subject = render_to_string(template, context | short(context)).strip().partition("\n")[0]
        body = render_to_string(template, context).strip().partition("\n")[2]
    contact = message.letter.contact_email if message.letter else ""
    # Mail that can be stopped says so to the mail program, which offers it as a button (RFC 8058).
    stop = {
        "List-Unsubscribe": f"<{context.get('stop_url')}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return EmailMessage(
        subject=" ".join(BREAKS.split(subject)),
        body=body.strip() + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.recipient],
        reply_to=[contact] if contact else None,
        headers={
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
            **(stop if "stop_url" in context else {}),
        },
    )


def short(context: dict[str, Any]) -> dict[str, Any]:
    """Long names as a subject line has room for: cut at a word."""
    long = ((name, str(context.get(name, ""))) for name in ("title", "signatory"))
    return {
        name: words[:SUBJECT_NAME].rpartition(" ")[0].rstrip(" ,;:.–—") + "…"
        for name, words in long
        if len(words) > SUBJECT_NAME and " " in words[:SUBJECT_NAME]
    }


def links(message: Message, *, redacted: bool = False) -> dict[str, str]:
    """The whole addresses that the message's keys open, by their names in the template."""
    found = {}
    for name, (address, purpose, nonce) in message.keys.items():
        key = "***" if redacted else keys.derive(purpose, nonce)
        found[name] = settings.SITE_URL + reverse(address, args=[key])
    return found
