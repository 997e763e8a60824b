"""A whole letter from a document that was read: the letter, its text, its signatories."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from letters import texts
from letters.models import Letter, LetterText, Topic
from letters.services import life, writing
from letters.services.errors import Refused
from letters.services.life import Actor
from letters.services.writing import tidied
from signatories.documents import ReadLetter
from signatories.documents.wording import PART_NAMES
from signatories.models import ImportBatch
from signatories.reading import Reading, read_list
from signatories.services.importing import import_list
from signatories.services.waiting import keep_list

LONGEST = {
    "title": 250, "place": 120, "subject": 250, "salutation": 250, "credit": 200,
    "name": 160, "function": 200, "office": 200,
}  # fmt: skip


@transaction.atomic
def import_document(
    document: ReadLetter, *, publish: bool, actor: Actor, at: datetime, source: str = ""
) -> tuple[Letter, list[str]]:
    """Makes a letter of the document, or finds the one that it made before (same title, date and words).

    A draft, for which the document's signatories wait until it is open (``services.waiting``), or with ``publish`` a
    public letter with them listed. ``source`` names the document. Gives the letter and a sentence for each thing that a
    person should look at. Raises ``Refused`` when nothing usable was read."""
    if not document.title.strip():
        raise Refused(_("No title was found."))
    words = words_of(document)
    if not words["body"]:
        raise Refused(_("No body was found: nothing between the salutation and the signatories."))
    found = find_earlier(document)
    if found is not None:
        return found, [_("This letter is here already; nothing was changed.")]
    reading = read_list(document.signatories)
    # The order of the list is the document's own, so signatures stand by time.
    letter = writing.create_letter(
        actor=actor,
        at=at,
        title=words["title"],
        language=document.language,
        date=document.date,
        order=Letter.Order.TIME,
        accepts=accepts(reading),
    )
    write_parts(letter, document, actor=actor, at=at)
    notes = [*cut(document), *ignored(reading)]
    if publish:
        life.release(letter, actor=actor, at=at)
        letter.refresh_from_db()
        if reading.signatories:
            import_list(
                letter,
                reading.signatories,
                consent=_("as listed in the document"),
                consent_from=ImportBatch.Consent.DOCUMENT,
                source=document.title,
                actor=actor,
                at=at,
            )
    elif reading.signatories:
        keep_list(letter, document.signatories, source=source, actor=actor, at=at)
        notes.append(
            _("The document lists %(n)s signatories; they wait until the letter is open.")
            % {"n": len(reading.signatories)}
        )
    letter.refresh_from_db()
    return letter, notes


def accepts(reading: Reading) -> Letter.Accepts:
    """Who may sign a letter with this list."""
    kinds = {entry.kind for entry in reading.signatories}
    if kinds == {"individual"}:
        return Letter.Accepts.INDIVIDUALS
    return Letter.Accepts.BOTH if "individual" in kinds else Letter.Accepts.ORGANISATIONS


def words_of(document: ReadLetter) -> dict[str, str]:
    """The document's words as a text of a letter has them."""
    words = {
        "title": document.title,
        "place": document.place,
        "subject": document.subject,
        "salutation": document.salutation,
        "body": document.body,
        "closing": texts.plain_lines(document.closing),
        "standfirst": document.standfirst,
    }
    return {key: tidied(key, value)[: LONGEST.get(key)] for key, value in words.items()}


def cut(document: ReadLetter) -> list[str]:
    """A sentence for each part that is longer than a letter holds, with the words that are lost."""
    parts = [
        ("title", "title", document.title),
        ("place", "place", document.place),
        ("subject", "subject", document.subject),
        ("salutation", "salutation", document.salutation),
        ("credit", "credit", document.picture_credit),
    ]
    for person in document.addressees:
        own = (("name", person.name), ("function", person.function), ("office", person.body))
        parts += [("addressees", key, words) for key, words in own]
    return [
        _("The %(part)s is cut at %(n)s characters; left out: %(words)s")
        % {"part": PART_NAMES[part], "n": LONGEST[key], "words": words[LONGEST[key] :]}
        for part, key, words in parts
        if len(words) > LONGEST[key]
    ]


def ignored(reading: Reading) -> list[str]:
    """A sentence for each line of the list that is no signatory."""
    return [
        _("Line %(line)s left out (%(reason)s): %(text)s")
        % {"line": item.line, "reason": item.reason, "text": item.text}
        for item in reading.ignored
    ]


def find_earlier(document: ReadLetter) -> Letter | None:
    """The letter that this document made before, or None."""
    words = words_of(document)
    same = LetterText.objects.filter(
        title=words["title"], language=document.language, letter__date=document.date
    )
    return next((text.letter for text in same.select_related("letter") if text.body == words["body"]), None)


def write_parts(letter: Letter, document: ReadLetter, *, actor: Actor, at: datetime) -> None:
    """Everything of the document but its signatories."""
    writing.write_text(letter, language=document.language, words=words_of(document), actor=actor, at=at)
    for position, person in enumerate(document.addressees):
        writing.add_addressee(
            letter,
            actor=actor,
            at=at,
            name=person.name[: LONGEST["name"]],
            function=person.function[: LONGEST["function"]],
            body=person.body[: LONGEST["office"]],
            is_copy=person.is_copy,
            position=position,
        )
    if document.topic:
        name = document.topic[:80]
        slug = slugify(name)[:80] or f"topic-{letter.pk}"
        topic = Topic.objects.filter(Q(name__iexact=name) | Q(slug=slug)).first()
        letter.topics.add(topic or Topic.objects.create(name=name, slug=slug))
    if document.picture_credit:
        letter.picture_credit = document.picture_credit[: LONGEST["credit"]]
        letter.save(update_fields=["picture_credit"])
