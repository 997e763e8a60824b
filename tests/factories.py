"""Letters, organisations and signatures for tests, made through the services like everything else."""

import itertools
import re
from datetime import datetime
from typing import Any

from django.core import mail
from django.test import Client
from django.utils import timezone

from letters import outbox
from letters.models import Letter, Message
from letters.services import life, writing
from signatories.models import Organisation, Signature
from signatories.services import by_link, directory, review, signing

counter = itertools.count(1)
BODY = '<p>We ask you to <a href="https://example.org/decree">keep the ferries</a> running.^[Ferry act, article 4.]</p><ul><li>in winter</li><li>at night</li></ul>'


def letter(
    *,
    at: datetime | None = None,
    title: str = "Keep the ferries running",
    language: str = "en",
    body: str = BODY,
    **fields: Any,
) -> Letter:
    """A draft that could be opened."""
    at = at or timezone.now()
    made = writing.create_letter(actor=None, at=at, title=title, language=language, **fields)
    words = {
        "title": title,
        "salutation": "Dear Minister,",
        "body": body,
        "closing": "Yours sincerely,",
        "place": "Port Merrow",
    }
    writing.write_text(made, language=language, words=words, actor=None, at=at)
    writing.add_addressee(
        made,
        actor=None,
        at=at,
        name="Orla Venn",
        function="Minister of Crossings",
        body="Ministry of Crossings",
        email="orla.venn@ministry.example",
    )
    return Letter.objects.get(pk=made.pk)


def released(*, at: datetime | None = None, **fields: Any) -> Letter:
    at = at or timezone.now()
    made = letter(at=at, **fields)
    life.release(made, actor=None, at=at)
    return Letter.objects.get(pk=made.pk)


def circulating(*, at: datetime | None = None, **fields: Any) -> Letter:
    at = at or timezone.now()
    made = letter(at=at, **fields)
    life.circulate(made, actor=None, at=at)
    return Letter.objects.get(pk=made.pk)


def organisation(name: str = "", *, verified: bool = True, **fields: Any) -> Organisation:
    name = name or f"Harbour Circle {next(counter)}"
    return directory.create_organisation(
        name=name, actor=None, at=timezone.now(), verified=verified, **fields
    )


def application(name: str = "", **fields: Any) -> signing.Application:
    n = next(counter)
    defaults = {
        "kind": Signature.Kind.ORGANISATION,
        "name": name or f"Tide Watch {n}",
        "email": f"person{n}@tide{n}.example",
        "country": "PT",
        "representative_name": "Ines Quillfeather",
        "representative_role": "Coordinator",
        "address": f"198.51.100.{n % 250}",
    }
    return signing.Application(**defaults | fields)


def unconfirmed(letter: Letter, name: str = "", *, at: datetime | None = None, **fields: Any) -> Signature:
    letter.refresh_from_db()
    version = letter.current_version.number
    return signing.sign(letter, application(name, **fields), version=version, at=at or timezone.now())


def confirmed(letter: Letter, name: str = "", *, at: datetime | None = None, **fields: Any) -> Signature:
    signature = unconfirmed(letter, name, at=at, **fields)
    by_link.confirm(signature.keys.filter(purpose="confirm").latest("id"), at=at or timezone.now())
    return Signature.objects.get(pk=signature.pk)


def accepted(letter: Letter, name: str = "", *, at: datetime | None = None, **fields: Any) -> Signature:
    signature = confirmed(letter, name, at=at, **fields)
    if signature.state == Signature.State.CONFIRMED:
        review.accept(signature, actor=None, at=at or timezone.now())
    return Signature.objects.get(pk=signature.pk)


def withheld(letter: Letter, name: str, **fields: Any) -> Signature:
    return accepted(letter, name, visibility=Signature.Visibility.WITHHELD, **fields)


def send_mail() -> list[mail.EmailMessage]:
    """Sends what is queued, as the worker does, and gives all that was sent so far."""
    while outbox.send_due(worker="test"):
        pass
    return mail.outbox


def link_for(address: str, part: str) -> str:
    """The path of the link with ``part`` in the latest message to ``address``."""
    found = [message for message in send_mail() if message.to == [address] and part in message.body]
    assert found, f"no message to {address} with {part}"
    return link_in(found[-1], part)


def link_in(message: mail.EmailMessage | Message, part: str) -> str:
    """The path of the first link in the message that holds ``part``."""
    found = re.search(rf"https?://[^/\s]+(\S*{part}\S*)", message.body)
    assert found, f"no link with {part} in:\n{message.body}"
    return found[1]


def press(
    client: Client, url: str, data: dict[str, Any] | None = None, *, page: str = "", **more: Any
) -> Any:
    """Posts to a step of the desk as its button does: with what its page (or ``page``) said that it showed."""
    answer = client.get(page or url)
    form = re.search(
        rf'<form method="post" action="{re.escape(url)}".*?</form>', answer.content.decode(), re.DOTALL
    )
    seen = re.search(r'name="seen" value="([^"]*)"', form[0] if form else answer.content.decode())
    return client.post(url, {"seen": seen[1] if seen else "", **(data or {})}, **more)
