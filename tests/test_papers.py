"""What a letter's paper says, read from the database: the text, the list, their language, and what proves them."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from pypdf import PdfReader

from letters import keys, papers, times
from letters.documents.forms import FORMS
from letters.models import Letter
from letters.services import life, translating
from tests import factories
from tests.test_amendments import amended, corrected
from tests.test_delivery import deliver
from tests.test_documents import pdf_words
from tests.test_texts_in_languages import write

# One white pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8ffff3f0005fe02fea735b5da0000000049454e44ae426082"
)


def again(letter):
    return Letter.objects.get(pk=letter.pk)


def paper(letter, language=None):
    return papers.paper_of(again(letter), language=language)


def names(sections):
    return [entry.name.text for section in sections for entry in section.entries]


# --- The list


def test_who_is_withheld_is_not_named_under_an_earlier_text_either(letter, now):
    factories.accepted(letter, "Open Oars")
    factories.withheld(letter, "Hidden Hands")
    amended(letter, now)
    found = paper(letter)
    assert names(found.sections) == [] and names(found.earlier) == ["Open Oars"]
    assert found.earlier_withheld == "Among them one whose name is withheld."
    assert "Hidden Hands" not in found.to_json()


def test_a_person_is_named_where_the_letter_asks_and_the_person_agreed(db, now):
    letter = factories.released(at=now, asks_names=True)
    factories.accepted(letter, "Anchor Aid", representative_name="Ada Agreed", named=True)
    factories.accepted(letter, "Buoy Base", representative_name="Bea Silent")
    for _list in ("the present one", "that of an earlier text"):
        assert "Ada Agreed" in paper(letter).to_json() and "Bea Silent" not in paper(letter).to_json()
        Letter.objects.filter(pk=letter.pk).update(asks_names=False)
        assert "Anchor Aid" in paper(letter).to_json() and "Ada Agreed" not in paper(letter).to_json()
        Letter.objects.filter(pk=letter.pk).update(asks_names=True)
        amended(letter, now, closing=f"Yours, after {_list}")


def test_the_order_is_that_of_the_page_also_under_an_earlier_text(letter, now):
    for minute, name in enumerate(("Cable Crew", "The Anchor", "Buoy Base")):
        factories.accepted(letter, name, at=now + timedelta(minutes=minute))
    by_name = ["The Anchor", "Buoy Base", "Cable Crew"]
    assert names(paper(letter).sections) == by_name
    assert [entry.number for entry in paper(letter).sections[0].entries] == [1, 2, 3]
    Letter.objects.filter(pk=letter.pk).update(order=Letter.Order.TIME)
    assert names(paper(letter).sections) == ["Cable Crew", "The Anchor", "Buoy Base"]
    amended(letter, now)
    assert names(paper(letter).earlier) == by_name


def test_countries_stand_beside_names_in_the_paper_s_language(letter, now):
    factories.accepted(letter, "Tide Watch", country="DE")
    write(letter, "fr", now)
    translating.publish_translations(again(letter), actor=None, at=now)
    assert paper(letter).sections[0].entries[0].country == "Germany"
    assert paper(letter, "fr").sections[0].entries[0].country == "Allemagne"


def test_a_list_that_changes_while_it_is_read_is_read_again(letter, now):
    factories.accepted(letter, "Early Oars")
    late = []

    def meanwhile(execute, sql, params, many, context):
        if not late and 'FROM "signatories_signature"' in sql:
            late.append("Late Lines")
            factories.accepted(letter, "Late Lines")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        found = paper(letter)
    assert late
    assert names(found.sections) == ["Early Oars", "Late Lines"] and found.signature_count == 2
    assert found.verify_code == keys.grouped_code(letter.list_states.latest("revision").code)


# --- What proves it


def test_text_and_state_of_the_list_are_the_present_ones(letter, now):
    factories.accepted(letter, "Tide Watch", at=now + timedelta(hours=1))
    letter = corrected(letter, now + timedelta(hours=2))
    factories.accepted(letter, "Open Oars", at=now + timedelta(hours=3))
    found, version = paper(letter), letter.current_version
    assert (version.number, found.version, found.digest) == (2, 2, version.digest)
    assert "version 2" in found.version_words
    assert [notice.partition(" on ")[0] for notice in found.notices] == ["Corrected"]
    state = letter.list_states.latest("revision")
    assert state.at == now + timedelta(hours=3)
    assert found.as_of == state.at.isoformat()
    assert found.verify_code == keys.grouped_code(state.code)
    assert found.verify_address.endswith(f"/verify/{state.code}/")
    assert found.signature_count == state.signature_count == 2
    letter = amended(letter, now + timedelta(hours=4), closing="Yours truly,")
    assert paper(letter).digest == letter.current_version.digest
    assert [notice.partition(" on ")[0] for notice in paper(letter).notices] == ["Corrected", "Amended"]


def test_as_of_has_the_hour_and_the_time_zone(db, now):
    at = now.replace(hour=22, minute=30) - timedelta(days=1)
    letter = factories.released(at=at, time_zone="Europe/Lisbon")
    words = paper(letter).as_of_words
    assert at.astimezone(letter.zone).strftime("%H:%M") in words and "Lisbon time" in words


# --- Languages


@pytest.fixture
def french(draft, now):
    write(draft, "fr", now, translator_note="Traduit par\nnous.")
    life.release(draft, actor=None, at=now)
    factories.accepted(draft, "Tide Watch")
    return again(draft)


def test_a_paper_is_in_one_language_and_says_that_it_is_a_translation(french, now):
    found = paper(french, "fr")
    assert (found.language, found.said_in, found.title) == ("fr", "fr", "Gardez les bacs")
    assert found.list_heading == "1 signataire"
    assert str(french.date.year) in found.date and found.date != paper(french).date
    assert found.notices[0].startswith("Ceci est une traduction") and "anglais" in found.notices[0]
    assert found.notices[1] == "Traduit par nous."
    assert paper(french).notices == ()


def test_a_french_date_has_its_article_behind_a_place_on_page_and_paper(client, draft, now):
    write(draft, "fr", now, place="Port-Merle")
    write(draft, "de", now, place="Merrow")
    life.release(draft, actor=None, at=now)
    letter = again(draft)
    day = times.day_by(letter.date, "fr")
    assert paper(letter, "fr").date == f"le {day}"
    assert "le " not in paper(letter, "de").date + paper(letter, "en").date
    assert f"Port-Merle, le {day}" in FORMS["txt"](paper(letter, "fr")).decode()
    shown = client.get(f"/fr{letter.get_absolute_url()}").content.decode()
    assert re.search(rf"Port-Merle, <time [^>]+>le {day}</time>", shown)


def test_a_french_date_without_a_place_stands_alone(french):
    french_text = paper(french, "fr")
    assert french_text.place == "" and french_text.date == times.day_by(french.date, "fr")


def test_what_was_changed_more_than_once_on_a_day_is_said_once(letter, now):
    noon = (now + timedelta(days=1)).replace(hour=12)
    for hour in (0, 1, 24):
        letter = corrected(letter, noon + timedelta(hours=hour), closing=f"Yours {hour}")
    letter = amended(letter, noon + timedelta(hours=25), closing="Yours truly,")
    days = [times.day_in(noon + timedelta(days=n), letter) for n in (0, 1)]
    assert paper(letter).notices == (
        f"Corrected on {days[0]}",
        f"Corrected on {days[1]}",
        f"Amended on {days[1]}",
    )


def test_a_delivery_has_a_paper_in_each_language(french, now):
    delivery = deliver(french, now)
    words = {row.language: row.file.open("rb").read().decode() for row in delivery.files.filter(form="txt")}
    assert "Gardez les bacs" in words["fr"] and "Gardez les bacs" not in words["en"]
    assert "Keep the ferries running" in words["en"]


# --- Pictures and characters


def test_the_letter_s_picture_is_left_out(letter):
    plain = {form: render(paper(letter)) for form, render in FORMS.items()}
    letter = again(letter)
    letter.picture_alt = "A harbour at dusk"
    letter.picture.save("harbour.png", ContentFile(PNG))
    found = paper(letter)
    assert found.logo is None
    assert {form: render(found) for form, render in FORMS.items()} == plain
    assert all(not page.images for page in PdfReader(io.BytesIO(plain["pdf"])).pages)
    with zipfile.ZipFile(io.BytesIO(plain["docx"])) as parts:
        assert not [name for name in parts.namelist() if name.startswith("word/media/")]


def test_the_desk_hears_of_missing_characters_wherever_they_stand(letter, now):
    letter = corrected(letter, now, closing="Yours 🚢")
    factories.accepted(letter, "Sail 𓂀")
    assert papers.missing_characters(letter) == ["🚢", "𓂀"]
    letter = amended(letter, now, closing="Yours 🚢,")
    assert papers.missing_characters(letter) == ["🚢", "𓂀"]
    assert "[U+1F6A2 SHIP]" in " ".join(pdf_words(FORMS["pdf"](paper(letter))).split())
