"""A whole letter from a document that was read: the letter, its text, its signatories."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from letters import texts
from letters.models import Letter, LetterText, Topic
from letters.services import life, writing
from letters.services.errors import Refused
from letters.services.life import Actor
from signatories.documents import ReadLetter
from signatories.reading import read_list
from signatories.services.importing import import_list


@transaction.atomic
def import_document(
    document: ReadLetter, *, publish: bool, actor: Actor, at: datetime
) -> tuple[Letter, list[str]]:
    """Makes a letter of the document, or finds the one that it made before (same title, date and words).

    A draft, or with ``publish`` a public letter with the document's signatories listed. Gives
    the letter and a sentence for each thing that a person should look at. Raises ``Refused`` when nothing usable was
    read."""
    if not document.title.strip():
        raise Refused(_("No title was found."))
    if not texts.clean(document.body):
        raise Refused(_("No body was found: nothing between the salutation and the signatories."))
    found = find_earlier(document)
    if found is not None:
        return found, [_("This letter is here already; nothing was changed.")]
    # The order of the list is the document's own, so signatures stand by time.
    letter = writing.create_letter(
        actor=actor,
        at=at,
        title=document.title,
        language=document.language,
        date=document.date,
        order=Letter.Order.TIME,
    )
    write_parts(letter, document, actor=actor, at=at)
    reading = read_list(document.signatories)
    notes = [
        _("Line %(line)s left out (%(reason)s): %(text)s")
        % {"line": item.line, "reason": item.reason, "text": item.text}
        for item in reading.ignored
    ]
    if publish:
        life.release(letter, actor=actor, at=at)
        letter.refresh_from_db()
        if reading.signatories:
            import_list(
                letter, reading.signatories, consent=_("as listed in the document"), actor=actor, at=at
            )
    elif reading.signatories:
        notes.append(
            _("The document lists %(n)s signatories; import them once the letter is open.")
            % {"n": len(reading.signatories)}
        )
    letter.refresh_from_db()
    return letter, notes


def find_earlier(document: ReadLetter) -> Letter | None:
    """The letter that this document made before, or None."""
    same = LetterText.objects.filter(
        title=document.title, language=document.language, letter__date=document.date
    )
    body = texts.clean(document.body)
    return next(
        (text.letter for text in same.select_related("letter") if texts.clean(text.body) == body), None
    )


def write_parts(letter: Letter, document: ReadLetter, *, actor: Actor, at: datetime) -> None:
    """Everything of the document but its signatories."""
    words = {
        "title": document.title[:250],
        "place": document.place[:120],
        "subject": document.subject[:250],
        "salutation": document.salutation[:250],
        "body": document.body,
        "closing": texts.plain_lines(document.closing),
        "standfirst": document.standfirst,
    }
    writing.write_text(letter, language=document.language, words=words, actor=actor, at=at)
    for position, person in enumerate(document.addressees):
        writing.add_addressee(
            letter,
            actor=actor,
            at=at,
            name=person.name,
            function=person.function,
            body=person.body,
            position=position,
        )
    if document.topic:
        topic = Topic.objects.filter(name__iexact=document.topic).first()
        topic = topic or Topic.objects.create(
            name=document.topic[:80], slug=slugify(document.topic)[:80] or f"topic-{letter.pk}"
        )
        letter.topics.add(topic)
    if document.picture_credit:
        letter.picture_credit = document.picture_credit[:200]
        letter.save(update_fields=["picture_credit"])
