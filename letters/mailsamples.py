"""Every message with sample data: what the desk shows, and what the tests read. Nothing here reads or writes the database.

A new kind of message gets one line in ``SAMPLES``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone

from letters import texts
from letters.compose import compose
from letters.models import Delivery, Letter, Message, Response, TextVersion, Update

FROZEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TITLES = {
    "en": "Keep the winter ferries running",
    "fr": "Maintenir les ferries en hiver",
    "es": "Mantener los transbordadores en invierno",
    "ar": "أبقوا عبّارات الشتاء عاملة",
    "ru": "Сохраните зимние паромы",
    "zh": "保留冬季渡轮",
}
BODIES = {
    "en": "The ferries between the islands are the only way to a hospital. We ask you to keep them running in winter.",
    "fr": "Les ferries entre les îles sont le seul moyen d’atteindre un hôpital. Nous vous demandons de les maintenir en hiver.",
    "es": "Los transbordadores entre las islas son la única forma de llegar a un hospital. Le pedimos que los mantenga en invierno.",
    "ar": "العبّارات بين الجزر هي السبيل الوحيد للوصول إلى المستشفى. نطلب منكم إبقاءها عاملة في الشتاء.",
    "ru": "Паромы между островами — единственный путь в больницу. Мы просим вас сохранить их зимой.",
    "zh": "岛屿之间的渡轮是前往医院的唯一途径。我们请求您在冬季继续开行。",
}
SIGNATORY = "Harbour & Tide Assembly"
RICH = (
    '<p>The ministry has set a hearing for May; <a href="https://ministry.example/hearing">the agenda</a> is public.'
    "^[It was published on 4 April.]</p><ul><li><strong>Who speaks</strong>: three of the signatories</li><li>When: 12 May</li></ul>"
    "<blockquote><p>The islands will not be forgotten.</p></blockquote>"
)


@dataclass(frozen=True)
class Sample:
    """What a message of a kind holds: ``context`` as it is stored, ``keys`` the names of its links with the addresses
    that they open, ``rows`` the names of the rows that it shows (of ``ROWS``)."""

    context: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[str, ...] = ()


CONFIRM, PRIVATE, STOP = {"confirm_url": "confirm"}, {"private_url": "signature"}, {"stop_url": "stop_news"}
ASKED = {"reaffirm_url": "reaffirm"} | STOP
INVITED = {"invitation_url": "invitation", "decline_url": "invitation_decline", "stop_url": "invitation_stop"}
REASON = "We could not find the organisation in any register.\nPlease write to us if you can help."
SAMPLES: dict[str, Sample] = {
    "accepted": Sample({"withheld": False}, PRIVATE),
    "amended": Sample({}, ASKED, ("before", "version")),
    "amended_reminder": Sample({}, ASKED, ("before", "version")),
    "colleague": Sample(),
    "confirm": Sample({"until_at": "2026-04-09T12:00:00+00:00"}, CONFIRM),
    "correction": Sample({"taken": False, "reason": REASON}, PRIVATE),
    "delivered": Sample({"earlier": False}, STOP, ("delivery",)),
    "digest": Sample({"waiting": 3}, {"stop_url": "digest_stop"}),
    "invitation": Sample(
        {
            "person": "Noor Salt",
            "words": "We met in May, when the hearing was set.\nYour harbour knows this best.",
            "leading": "Islands Together",
        },
        INVITED,
    ),
    "invitation_reminder": Sample({"person": "Noor Salt", "words": "", "leading": ""}, INVITED),
    "listed": Sample({}, PRIVATE | STOP),
    "private_link": Sample({}, PRIVATE),
    "receipt": Sample({"read": "en"}, PRIVATE, ("version",)),
    "refused": Sample({"reason": REASON}),
    "released": Sample({"document": "pdf", "attached": True}, STOP),
    "reminder": Sample({"until_at": "2026-04-09T12:00:00+00:00"}, CONFIRM | STOP),
    "response": Sample({"earlier": False}, STOP, ("response",)),
    "second_attempt": Sample({}, PRIVATE | STOP),
    "update": Sample({"earlier": True}, STOP, ("update",)),
    "withdrawn": Sample(),
}


def sample(kind: str, language: str) -> EmailMultiAlternatives:
    """The message of ``kind`` in ``language``, its keys as ``***``. Raises ``KeyError`` for a kind without a sample."""
    found, letter = SAMPLES[kind], sample_letter()
    message = Message(
        kind=kind,
        letter=letter,
        recipient="reader@harbour.example",
        language=language,
        context={"signatory": SIGNATORY} | dict(found.context),
        keys={name: [address, "", ""] for name, address in found.keys.items()},
        message_id="<0123456789abcdef@letters.example>",
    )
    known = sample_rows(letter)
    shown = {name: known[name] for name in found.rows} | dict(found.context)
    if kind == "digest":
        shown["queue_url"] = f"https://letters.example{reverse('admin:index')}"
    return compose(message, redacted=True, shown=shown)


def sample_letter() -> Letter:
    """A public letter in all languages of the interface."""
    version = sample_version(2)
    letter = Letter(
        slug="keep-the-winter-ferries",
        stage=Letter.Stage.PUBLISHED,
        release_at=timezone.now(),
        contact_email="campaign@letters.example",
        signature_count=42,
        closes_at=timezone.now() + timedelta(days=6),
        current_version=version,
    )
    version.letter = letter
    return letter


def sample_version(number: int) -> TextVersion:
    """Version 1 of its text, or 2, by which it was amended."""
    added = {"en": "<p>We also ask for one crossing by night.</p>"} if number == 2 else {}
    content = {
        "language": "en",
        "date": "2026-03-02",
        "addressees": [{"name": "Orla Venn", "function": "Minister of Crossings", "body": ""}],
        "copies": [],
        "texts": {
            language: {
                "title": title,
                "place": "Port Merrow",
                "subject": "",
                "salutation": "Dear Minister," if language == "en" else "",
                "body": f"<p>{BODIES[language]}</p>{added.get(language, '')}",
                "closing": "",
            }
            for language, title in TITLES.items()
        },
    }
    exact = texts.canonical(number, content)
    return TextVersion(
        number=number,
        content=content,
        canonical=exact,
        digest=texts.digest(exact),
        reason="Signatories asked for the crossing by night.\nThe ministry had left it out.",
        created_at=FROZEN,
    )


def sample_rows(letter: Letter) -> dict[str, Any]:
    """A row of each sort that a message shows."""
    return {
        "before": sample_version(1),
        "version": letter.current_version,
        "delivery": Delivery(
            letter=letter, number=1, delivered_on=date(2026, 4, 2), to_whom="Minister Orla Venn, Port Merrow"
        ),
        "response": Response(
            pk=1, letter=letter, from_whom="Ministry of Crossings", dated=date(2026, 4, 4), body=RICH
        ),
        "update": Update(pk=1, letter=letter, title="A hearing in May", dated=date(2026, 4, 8), body=RICH),
    }
