"""The privacy page says what the settings and the code do."""

import re

import pytest
from django.conf import settings as site

from signatories.models import RateCount, Representative, Signature
from signatories.services import limits


def words(client, path="/privacy/"):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(path).content.decode()))


@pytest.mark.parametrize(("months", "said"), [(1, "one month"), (7, "7 months")])
def test_each_span_is_the_one_of_the_settings(db, client, settings, months, said):
    settings.RETENTION_MONTHS = months
    text = words(client)
    for sentence in (
        "Erased {} after signing on the letter closed",
        "On a letter that never closes: {} after the last thing that happened",
        "Name and address are erased {} after they were entered or last used",
    ):
        assert sentence.format(said) in text


def test_it_says_what_is_stored_of_the_invited(db, client):
    text = words(client)
    for part in ("whether the message was sent or came back", "what you wrote when you declined", "no hidden picture",
                 "for the whole site", "an earlier letter", "Where mail to an address came back"):  # fmt: skip
        assert part in text
    assert "a copy of all of it as a file" in text and "Backups" in text
    assert f"{site.MESSAGE_DAYS} days after they were queued" in text


def test_no_draft_of_the_form_is_stored(letter, client, now):
    """What the page says of the form: typing stores nothing, sending what is not taken leaves a count that goes."""
    client.get(f"/letters/{letter.slug}/sign/")
    assert not RateCount.objects.exists()
    client.post(
        f"/letters/{letter.slug}/sign/", {"organisation": "Half a form", "email": "ines@tide.example"}
    )
    assert not Signature.objects.exists() and not Representative.objects.exists()
    assert not [row for row in RateCount.objects.all() if "ines" in row.key]
    limits.forget(at=now + limits.HOUR * 27)
    assert not RateCount.objects.exists()


@pytest.mark.parametrize("language", [code for code, _name in site.LANGUAGES])
def test_it_is_whole_in_every_language(db, client, language, settings):
    settings.RETENTION_MONTHS = 7
    prefix = "" if language == "en" else f"/{language}"
    text = words(client, f"{prefix}/privacy/")
    assert len(re.findall(r"(?<!\d)7(?!\d)|٧", text)) >= 3
    assert ("keyed hash" in text) == (language == "en")
