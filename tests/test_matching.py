"""Keys by which names are the same, are found and are put in order."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signatories.matching import acronym_key, fold, normalise, sort_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Harbour Light Network", "harbour light  network"),
        ("Centre for Reefs & Dunes", "Centre for Reefs and Dunes"),
        ("Fundación Aguas Vivas", "FUNDACION AGUAS VIVAS"),
        ("L’Association des Ports", "L'Association des Ports"),
        ("Les Amis des Ports", "Amis des Ports"),
        ("Verein Hafen e.V.", "Verein Hafen e. V."),
        ("Verein Hafen e.V.", "Verein Hafen"),
        ("Restore The Quay, Inc.", "Restore the Quay"),
        ("Quais Libres ASBL", "Quais Libres"),
        ("Open\u200bQuays", "OpenQuays"),
        ("Open\u00a0Quays", "Open Quays"),
        ("Ｏｐｅｎ Quays", "Open Quays"),
        ("Open-Quays", "Open Quays"),
    ],
)
def test_spellings_of_one_organisation(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Open Quays", "Open Quays UK"),
        ("Open Quays France", "Open Quays Norway"),
        ("Harbour Center", "Harbour Network"),
        ("جمعية المرافئ", "جمعية السواحل"),
        ("香港關注組", "台灣關注組"),
    ],
)
def test_different_organisations(one, other):
    assert normalise(one) != normalise(other)


def test_a_name_of_only_articles_or_signs_keeps_a_key():
    assert normalise("The") == "the"
    assert normalise("!!!") == "!!!"
    assert normalise("e.V.")
    assert normalise("") == ""


def test_acronyms_without_dots_spaces_and_hyphens():
    assert acronym_key("S.O.S.") == acronym_key("sos") == acronym_key("S-O S") == "sos"
    assert acronym_key("حق") == "حق"


def test_fold_is_for_search():
    assert fold("  Fundación\tÉTÉ ") == "fundacion ete"


def test_alphabetical_order_in_every_script():
    ordered = [
        "Árbol Vivo",
        "The Azure Coast",
        "“Bridge” Society",
        "Čista Obala",
        "Dune Watch",
        "Zebra",
        "Ягода",
        "جمعية",
        "香港",
    ]
    assert sorted(ordered, key=sort_key) == ordered


@pytest.mark.parametrize(
    ("name", "under"),
    [
        ("The Quay", "Quay"),
        ("Los Vecinos", "Vecinos"),
        ("LOS VECINOS", "Vecinos"),
        ("l’Escale", "Escale"),
        ("Het Anker", "Anker"),
        ("Η Φωνή", "Φωνή"),
        ("المركز", "مركز"),
        ("الجمعية الأهلية", "جمعية الأهلية"),
        ("٣٥ جسرًا", "35 جسرًا"),
    ],
)
def test_articles_are_left_out_of_order(name, under):
    assert sort_key(name) == sort_key(under)


@pytest.mark.parametrize(
    ("name", "without"),
    [
        ("Los Angeles Tenants", "Angeles Tenants"),
        ("La Paz Vive", "Paz Vive"),
        ("LA Voices", "Voices"),
        ("Al-Haq", "Haq"),
        ("De Montfort", "Montfort"),
        ("התקווה", "תקווה"),
        ("التزام", "تزام"),
        ("الله", "له"),
        ("الخدمت فاؤنڈیشن", "خدمت فاؤنڈیشن"),
    ],
)
def test_what_only_looks_like_an_article_stays(name, without):
    assert sort_key(name) != sort_key(without)


def test_digits_come_first_and_han_last():
    keys = [sort_key(name) for name in ("2nd Wind", "350 Now", "Anchor", "Берег", "مرفأ", "港")]
    assert keys == sorted(set(keys))


def test_sort_key_shape():
    key = sort_key("Open Quays" * 40)
    assert len(key) == 240
    assert set(key) <= set("0123456789abcdef")
    assert sort_key("The Quay") == sort_key("quay") == sort_key("«Quay")
    assert sort_key("The") != ""


NAMES = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                "The",
                "Le",
                "e.V.",
                "Inc",
                "&",
                "and",
                "Quay",
                "ÉTÉ",
                "İ",
                "ß",
                "ﬁ",
                "ة",
                "ά",
                "\u200b",
                "-",
                "'",
                "香港",
                "a",
                "c",
                "v",
                "e",
            ]
        ),
        max_size=8,
    ).map(" ".join),
)


@settings(max_examples=400, deadline=None)
@given(NAMES)
def test_normalise_is_idempotent_and_never_empty(name):
    key = normalise(name)
    assert normalise(key) == key
    visible = "".join(c for c in name if unicodedata.category(c) not in ("Cf", "Cc", "Mn", "Cn")).strip()
    assert key or not visible


@settings(max_examples=300, deadline=None)
@given(NAMES)
def test_keys_do_not_depend_on_unicode_form_or_white_space(name):
    composed, split = unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)
    spaced = "  " + name.replace(" ", " \u00a0\n") + "\t"
    for key in (normalise, acronym_key, fold):
        assert key(composed) == key(split)
        assert key(spaced) == key(name)
    assert fold(fold(name)) == fold(name)


@settings(max_examples=300, deadline=None)
@given(NAMES)
def test_sort_key_never_raises_and_is_short(name):
    key = sort_key(name)
    assert len(key) <= 240
    assert len(key) % 4 == 0
