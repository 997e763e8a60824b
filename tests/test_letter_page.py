"""The page of a letter, in the order in which it is read, heard and printed."""

from urllib.parse import urlsplit

import pytest

from letters.models import Topic
from letters.pages import words_of
from letters.services import life, writing
from letters.templatetags.lettering import copy_language, copy_word, semicolon
from letters.templatetags.names import whole_name
from tests import factories


def page_of(client, letter):
    return client.get(letter.get_absolute_url()).content.decode()


def in_order(page, *words):
    places = [page.index(word) for word in words]
    assert places == sorted(places)


def test_the_way_to_sign_comes_first_and_the_names_last(letter, client):
    factories.accepted(letter, "Tide Watch")
    page = page_of(client, letter)
    main = page[page.index("<main") :]
    in_order(main, 'class="panel"', 'class="sheet"', 'class="beside"', 'id="signatories"', "Tide Watch")
    assert main.count(f'href="{letter.get_absolute_url()}sign/"') == 3  # above, beside and after the letter


def test_the_notes_stand_after_the_closing(letter, client):
    in_order(page_of(client, letter), "keep the ferries", "Yours sincerely,", "Ferry act, article 4.")
    words = words_of(letter)
    assert "Ferry act" not in words.body and "Ferry act" in words.notes


def test_the_heading_of_the_list_says_how_many_signed(letter, client):
    assert ">Signatories</span></h2>" in page_of(client, letter)
    factories.accepted(letter, "Tide Watch")
    assert ">1 signatory</span>" in page_of(client, letter)
    factories.withheld(letter, "Hidden Circle")
    assert ">2 signatories</span>" in page_of(client, letter)
    assert "Search all" not in page_of(client, letter)  # one name is found at a glance
    factories.accepted(letter, "Sea Room")
    assert "Search all 2 names" in page_of(client, letter)


def test_paper_says_where_the_letter_stands(letter, client, settings):
    settings.SITE_URL = "https://letters.example"
    page = page_of(client, letter)
    address = f"https://letters.example{letter.get_absolute_url()}"
    assert f'<p class="printed">This letter stands at {address}</p>' in page
    assert f"&lt;{address}versions/1/text.txt&gt;" in page


def test_a_private_letter_links_no_public_list_and_prints_no_key(circulating, client):
    circulating.topics.add(Topic.objects.create(name="Transport", slug="transport"))
    path = urlsplit(life.circulation_url(circulating)).path
    words = client.get(path).content.decode()
    assert "Transport" in words and "?topic=" not in words and 'class="printed"' not in words


@pytest.mark.parametrize(
    ("language", "word", "mark"),
    [
        ("en", "Copy:", "; "),
        ("fr-CA", "Copie :", "; "),
        ("ar", "نسخة إلى:", "؛ "),
        ("zh", "抄送：", "；"),
        ("pt", "Copy:", "; "),
    ],
)
def test_copies_are_named_in_the_language_of_the_letter(language, word, mark):
    assert (copy_word(language), semicolon(language)) == (word, mark)
    assert ("lang" in copy_language(language)) == (language == "pt")


def test_copies_are_parted_without_a_space_before_the_mark(draft, client, now):
    for name in ("River Conference", "Water Committee"):
        writing.add_addressee(draft, actor=None, at=now, name=name, function="", body="", is_copy=True)
    life.release(draft, actor=None, at=now)
    draft.refresh_from_db()
    assert "<b>River Conference</b>;" in page_of(client, draft)


def test_a_latin_acronym_stands_after_an_arabic_name():
    whole = whole_name("رابطة طريق الملح", "LRS", "/organisations/x/")
    assert whole.startswith('<bdi lang="ar" dir="rtl"><a href="/organisations/x/">')
    assert whole.endswith('<bdi class="short">(LRS)</bdi></bdi>')
    assert whole_name("<b>", "", "") == "<bdi>&lt;b&gt;</bdi>"
