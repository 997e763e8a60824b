"""A representative's copy of what is stored about them for one signature. Gathers, changes nothing, and holds nothing of anybody
else: no editor's name, no other signature, no other address. In English, with times in UTC."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Model, Q
from django.utils import translation
from django_countries.fields import Country

from letters.models import Attempt, Event, Message
from letters.wording import about_mail, happened
from signatories.domains import canonical_email
from signatories.models import Contact, ImportRow, Invitation, Key, Representative, Signature
from signatories.retention import is_endless, kept_until, months_of

# Which fields are in the file, by what they are called there.
SIGNATURE = {
    "kind": "signed_as",
    "name": "name_in_the_list",
    "acronym": "acronym",
    "country": "country",
    "website": "website",
    "affiliation": "affiliation",
    "note": "words_beside_the_name",
    "visibility": "shown",
    "state": "state",
    "convener": "leads_the_letter",
    "group": "heading_in_the_list",
    "language": "language_in_which_the_text_was_read",
    "source": "came_by",
    "refusal_reason": "reason_given_by_the_editors",
    "signed_at": "signed_at",
    "confirmed_at": "confirmed_at",
    "accepted_at": "accepted_at",
    "rejoined_at": "came_back_into_the_list_at",
    "ended_at": "ended_at",
    "reminded_at": "reminded_to_confirm_at",
}
CORRECTION = {"proposed_name": "name", "proposed_acronym": "acronym"}
REPRESENTATIVE = {
    "name": "name",
    "role": "role",
    "email": "email",
    "language": "language_of_mail",
    "named": "agreed_to_be_named_beside_the_organisation",
    "wants_updates": "wants_news_of_the_letter",
    "stopped_at": "wants_no_more_mail_since",
    "authority_at": "stated_authority_to_sign_at",
    "consent_at": "consented_at",
}
INVITATION = {
    "organisation_name": "organisation",
    "person_name": "name",
    "email": "email",
    "language": "language",
    "source": "address_came_from",
    "made_at": "made_at",
    "country": "country",
    "opened_at": "form_opened_at",
    "form_sent_at": "form_sent_at",
    "declined_at": "declined_at",
    "declined_word": "your_word",
    "stopped_at": "wanted_no_more_invitations_at",
    "revoked_at": "taken_back_at",
    "reminded_at": "reminded_at",
    "reminders": "number_of_reminders",
}
CONTACT = {"name": "name", "email": "email", "language": "language", "added_at": "added_at"}
LINE = {
    "name": "name",
    "acronym": "acronym",
    "person": "person",
    "role": "role",
    "email": "email",
    "note": "note",
}
# Fields that have a place of their own in the file.
ELSEWHERE = {
    "Signature": {"letter": "letter", "version": "text_signed", "unlike": "said_to_be_another_organisation"},
    "Representative": {"signature": "signature"},
    "Invitation": {
        "letter": "letter",
        "message": "mail",
        "reminder": "mail",
        "signature": "signature",
        "otherwise": "signature",
    },
}
# Fields that are not in the file, and why.
NUMBER = "a number of the database, which says nothing about you"
HASH = "a keyed hash; under keyed_hashes it is said what it is for"
SECRET = "part of the key of a private link, which would open it to whoever finds this file"
LEFT_OUT = {
    "Signature": {
        "id": NUMBER,
        "organisation": "the entry of the directory, which is about the organisation and not about you",
        "rival_of": "is about other signatures",
        "first_told_at": "is about other signatures",
        "place": "the place of the heading in the list, made from the heading",
        "sort_key": "made from the name, for the order of lists",
        "search_text": "made from the name, for searching",
        "person_key": HASH,
        "name_key": HASH,
    },
    "Representative": {"id": NUMBER, "email_key": HASH},
    "Invitation": {
        "id": NUMBER,
        "organisation": "the entry of the directory, which is about the organisation and not about you",
        "email_key": HASH,
        "nonce": SECRET,
        "digest": SECRET,
        "stop_digest": SECRET,
        "made_by": "names an editor",
    },
}
# What the record may say of the signature before and after; anything else may be about others.
OWN_FACTS = {
    "state",
    "name",
    "acronym",
    "country",
    "affiliation",
    "note",
    "convener",
    "group",
    "version",
    "kind",
}
# Acts whose note whoever signed has read in a mail; other notes may name somebody else.
TOLD = {"signature.refused", "signature.correction_taken", "signature.correction_left"}
UNTOLD = "An editor noted something, which may name others. Ask the letter’s contact for it."


def copy_of(signature: Signature, *, at: datetime) -> dict[str, Any]:
    """Everything stored about whoever signed, for this signature, as plain values for JSON."""
    with translation.override("en"):
        person = Representative.objects.filter(signature=signature).first()
        invited = [row for row in _invitations(signature) if _is_theirs(row, signature, person)]
        return {
            "made_at": _plain(at),
            "site": settings.SITE_NAME,
            "letter": _letter(signature, at=at),
            "text_signed": _text(signature, at=at),
            "signature": _said(signature, SIGNATURE),
            "said_to_be_another_organisation": signature.unlike_id is not None,
            "correction_proposed": _said(signature, CORRECTION) if signature.proposed_name else None,
            "representative": _said(person, REPRESENTATIVE) if person else None,
            "invitations": [_invitation(row, signature) for row in invited],
            "contact_of_the_organisation": _contacts(signature, person),
            "imported_lines": _lines(signature),
            "mail": _mail([signature.ref, *(row.ref for row in invited)]),
            "what_happened": [
                _event(row) for row in Event.objects.filter(subject=signature.ref).order_by("id")
            ],
            "private_links": [_link(row) for row in signature.keys.order_by("id")],
            "keyed_hashes": _hashes(signature, person),
            "kept": _kept(signature, at=at),
            "not_in_this_file": {name.lower(): fields for name, fields in LEFT_OUT.items()},
        }


def _said(row: Model, table: dict[str, str]) -> dict[str, Any]:
    """The fields of the row that the table names; a choice in its words."""
    return {key: _field(row, name) for name, key in table.items()}


def _field(row: Model, name: str) -> Any:
    value, in_words = getattr(row, name), getattr(row, f"get_{name}_display", None)
    return _plain(value if in_words is None or isinstance(value, Country) else in_words())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Country):
        return {"code": value.code, "name": str(value.name)} if value.code else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _letter(signature: Signature, *, at: datetime) -> dict[str, Any]:
    letter = signature.letter
    public = letter.is_public(at)
    return {
        "title": signature.version.title,
        "address": settings.SITE_URL + letter.get_absolute_url() if public else None,
        "contact": letter.contact_email or None,
        "signing_closes_at": _plain(letter.closes_at),
        "withdrawn_at": _plain(letter.withdrawn_at),
    }


def _text(signature: Signature, *, at: datetime) -> dict[str, Any]:
    version = signature.version
    version.letter = signature.letter  # which was read with the signature
    public = signature.letter.is_public(at)
    return {
        "version": version.number,
        "sha256": version.digest,
        "address": settings.SITE_URL + version.get_absolute_url() if public else None,
        "frozen_at": _plain(version.created_at),
    }


def _invitations(signature: Signature) -> list[Invitation]:
    rows = Invitation.objects.filter(letter=signature.letter_id).select_related("message")
    return list(rows.filter(Q(signature=signature) | Q(otherwise=signature)).order_by("id"))


def _is_theirs(invitation: Invitation, signature: Signature, person: Representative | None) -> bool:
    """Whether it went to the address of whoever signed. The link of another may have been passed on: it is about whom it was
    sent to."""
    if not invitation.email:  # erased: nothing in it is about anybody any more
        return invitation.signature_id == signature.pk
    return person is not None and canonical_email(invitation.email) == canonical_email(person.email)


def _invitation(row: Invitation, signature: Signature) -> dict[str, Any]:
    return _said(row, INVITATION) | {"signed_by_its_link": row.signature_id == signature.pk}


def _contacts(signature: Signature, person: Representative | None) -> list[dict[str, Any]]:
    if person is None or signature.organisation_id is None:
        return []
    rows = Contact.objects.filter(organisation=signature.organisation_id)
    theirs = canonical_email(person.email)
    return [_said(row, CONTACT) for row in rows if canonical_email(row.email) == theirs]


def _lines(signature: Signature) -> list[dict[str, Any]]:
    """The lines of imported lists from which it was made; not their text as it was given, which may go on about others."""
    rows = ImportRow.objects.filter(signature=signature).select_related("batch").order_by("id")
    return [
        _said(row, LINE)
        | {
            "list_taken_at": _plain(row.batch.made_at),
            "where_consent_came_from": str(row.batch.get_consent_from_display()),
            "consent_given_on": row.batch.consent_date.isoformat() if row.batch.consent_date else None,
        }
        for row in rows
    ]


def _mail(refs: list[str]) -> list[dict[str, Any]]:
    rows = Message.objects.filter(subject_ref__in=refs).prefetch_related("history").order_by("id")
    return [
        {
            "what": about_mail(row.kind),
            "language": row.language,
            "state": str(row.get_state_display()),
            "queued_at": _plain(row.created_at),
            "sent_at": _plain(row.sent_at),
            "came_back_at": _plain(row.bounced_at),
            "number_of_tries": row.attempts,
            "tries": [_try(attempt) for attempt in row.history.all()],
        }
        for row in rows
    ]


def _try(attempt: Attempt) -> dict[str, Any]:
    return {"at": _plain(attempt.at), "what": str(attempt.get_outcome_display())}


def _event(event: Event) -> dict[str, Any]:
    note = event.note if event.kind in TOLD or not event.actor_id else UNTOLD
    return {
        "at": _plain(event.at),
        "what": happened(event.kind),
        "by": "an editor" if event.actor_id else "whoever signed, or the site by itself",
        "before": _own(event.before),
        "after": _own(event.after),
        "note": note if event.note else None,
    }


def _own(facts: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if facts is None else {key: value for key, value in facts.items() if key in OWN_FACTS}


def _link(key: Key) -> dict[str, Any]:
    return {
        "for": str(key.get_purpose_display()),
        "made_at": _plain(key.created_at),
        "used_at": _plain(key.used_at),
        "ends_at": _plain(key.expires_at),
    }


def _hashes(signature: Signature, person: Representative | None) -> dict[str, str]:
    """Which keyed hashes stand with the signature, and which may stand elsewhere: nobody can read an address or a name from
    one, but whoever has the site's secret can tell whether it is that of an address or a name which they know."""
    found = {
        "of_the_address_with_the_representative": person is not None
        and "by which it is known that the same person signs again",
        "of_the_address_or_person_with_the_signature": signature.person_key
        and "by which nobody signs the same letter twice",
        "of_the_name": signature.name_key and "by which no list brings back who has withdrawn",
    }
    elsewhere = {
        "may_exist_of_the_address": "where mail to it came back, and where it wants no more invitations",
        "may_exist_for_a_day": "of the address and the network address, to count attempts within the hour",
    }
    return {name: words for name, words in found.items() if words} | elsewhere


def _kept(signature: Signature, *, at: datetime) -> dict[str, Any]:
    letter = signature.letter
    until, months = kept_until(letter, at=at), months_of(letter)
    if is_endless(letter):
        why = "Signing on this letter has no close, so the data is kept until the signature is withdrawn."
    else:
        why = f"Erased so many months after signing closed, or the letter was withdrawn: {months}."
    return {
        "until": _plain(until),
        "why": why,
        "mail": f"The address and the words of a message are erased {settings.MESSAGE_DAYS} days after it was queued.",
        "stays": (
            "The public list stays with the letter, and so do the files of what was delivered. What happened stays on "
            "record without what editors noted. Withdrawing erases the rest at once."
        ),
    }
