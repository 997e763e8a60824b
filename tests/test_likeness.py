"""Whether two names are of one organisation: rules by tables, and properties of every answer. All names are made up."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signatories.matching import Known, Verdict, compare
from signatories.reading.parts import known_from


def verdict(one, other):
    return compare(known_from(one), known_from(other)).verdict


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbour Light Network", "HARBOUR LIGHT NETWORK"),
        ("The Harbour Light Network", "Harbour Light Network, Inc."),
        ("Fundación Aguas Vivas", "Fundacion Aguas  Vivas"),
        ("Verein Freie Häfen e. V. (VFH)", "Verein Freie Häfen"),
        ("Reef Watch International", "Reef Watch Intl"),
        ("Centre for Open Quays", "Center for Open Quays"),
        ("Organization of Ferry Crews", "Organisation of Ferry Crews"),
        ("Freedom of the Quay Foundation", "Freedom of Quay Foundation"),
        ("Quays & Dunes Alliance", "Quays and Dunes Alliance"),
        ("Alliance for Clean Piers", "Alliance for CleanPiers"),
        ("Dune Watch – Valoria", "Dune Watch - Valoria"),
        ("Les Ami·e·s du Quai Vert", "Les Ami.e.s du Quai Vert"),
        ("Pier Workers Union (PWU)", "PWU – Pier Workers Union"),
        ("Pier Workers Union / Sindicato Portuario Azul", "Pier Workers Union"),
        ("Ferry Crew Guild, Portugal", "Ferry Crew Guild"),
        ("愛港關注組", "爱港关注组"),
    ],
)
def test_one_organisation_spelt_in_two_ways(one, other):
    assert verdict(one, other) == Verdict.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # typing errors, lost spaces, another order
        ("Merrow Lighthouse Keepers", "Merrow Lighthouse Kepers"),
        ("Organisation Mondiale contre la Vase", "Organisation Mondiale cntre le Vase"),
        ("Tidewater-Casa dei fari", "Casa dei Fari-Tidewater"),
        ("Union for Safe and Quiet Piers", "Union for Safeand Quiet Piers"),
        ("Union for Clean and Quiet Piers", "Union for Cleanand Quiet Piers"),
        # one leaves words out
        ("Tidewater", "Fundación Tidewater"),
        ("Vala Odbor za zaštitu ljudskih prava i sloboda", "Vala Odbor za ljudska prava"),
        ("Fédération des Marins citoyens des deux caps", "Fédération des marins des deux caps"),
        # an acronym for the name
        ("FCGM", "Ferry Crew Guild of Merrow"),
        ("Umt", "Unione dei marinai tirrenici"),
        ("PWU", "Port Wardens United (PWU)"),
        ("VLK", "VLK – Verband Lokaler Kapitäne"),
        ("Reef Care Bureau (RCB)", "«Риф Кэр Бюро» (RCB)"),
        # other languages and scripts
        ("Valoria Human Rights Foundation", "Valoria İnsan Hakları Vakfı"),
        ("Committee for Women and Peace", "Comité pour les femmes et la paix"),
        ("Committee for Women, Peace and Lanterns", "Comité pour les femmes, la paix et les lampions"),
        ("Committee for Women and Peace", "Комитет женщин за мир"),
        ("Committee for Women and Peace", "لجنة النساء والسلام"),
        ("Human Rights Centre of Egypt", "المركز المصري لحقوق الإنسان"),
        ("Menschenrechtszentrum Tidewater", "Centre for Human Rights Tidewater"),
        ("Friends of the Water", "水之友"),
        ("Lawyers Network Tidewater", "Red de Abogados Tidewater"),
        ("Tarvonik", "Тарвоник"),
        ("Nomar 12", "جمعية نومار 12"),
    ],
)
def test_perhaps_one_organisation(one, other):
    assert verdict(one, other) == Verdict.MAYBE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # a chapter, a section, an office is not its network
        ("Reef Watch", "Reef Watch UK"),
        ("Reef Watch International", "Reef Watch International – Brussels Office"),
        ("Reef Watch France", "Reef Watch Norway"),
        ("Reef Watch", "Reef Watch Europe"),
        ("Reef Watch", "Reef Watch Youth Section"),
        ("Committee for Women, Peace and Human Rights", "Committee for Women, Peace and Human Rights Norway"),
        (
            "Committee for Women, Peace and Human Rights",
            "Committee for Women, Peace and Human Rights Secretariat",
        ),
        ("Spanish Federation of Human Rights", "International Federation of Human Rights, Quay of Spain"),
        ("RWX", "RWX-Europe"),
        ("RWX", "RWX La Tarnova"),
        ("Amis du Récif Espagne", "Friends of the Reef"),
        ("Friends of the Sea", "Amigos del Mar España"),
        ("International Union of Pilots", "National Union of Pilots of Valoria"),
        ("Reef Watch 2", "Reef Watch 3"),
        # one word says something else
        ("European Water Forum", "European Energy Forum"),
        ("Centre for Democracy and Ports", "Centre for Democracy and Reefs"),
        ("Liga Pro Derechos Humanos", "Federación Pro Derechos Humanos"),
        ("Egyptian Women Union", "Tunisian Women Union"),
        ("Association des Tunisiens du Port", "Association des Marocains du Port"),
        ("مركز القاهرة لحقوق الإنسان", "مركز بيروت لحقوق الإنسان"),
        ("Центр прав женщин", "Центр прав детей"),
        ("香港妇女协会", "台湾妇女协会"),
        # the same acronym, and the rest contradicts it
        ("International Service for Tides (IST)", "International Society for Tides (IST)"),
        ("Pier Workers Union (PWU)", "Port Wardens United (PWU)"),
        ("Vastolo Union (ZTX)", "مركز نومار (ZTX)"),
        # acronyms that contradict each other, and a word too many
        ("Association démocratique des Marins du Cap (ADMC)", "Association des Marins du Cap (AMC)"),
        # only words that everybody uses
        ("International Federation", "International Federation of Pilots"),
        ("International Federation", "International Federation Network"),
    ],
)
def test_different_organisations(one, other):
    assert verdict(one, other) == Verdict.DIFFERENT


def test_the_reason_is_told():
    one = Known(("Tidewater Crew Guild",), ("TCG",))
    reasons = {"Guild Crew Tidewater": "order", "Tidewatter Crew Guild": "spelling", "TCG": "acronym"}
    assert {name: compare(one, Known((name,))).why for name in reasons} == reasons


def test_countries_that_differ_are_never_the_same():
    one, other = Known(("Reef Watch",), country="FR"), Known(("Reef Watch",), country="NO")
    assert compare(one, other).verdict == Verdict.MAYBE
    assert compare(one, Known(("Reef Watch",))).verdict == Verdict.SAME
    spelt = Known(("Reef Wattch Guild Alpha",), country="FR"), Known(("Reef Watch Guild",), country="NO")
    assert compare(*spelt).verdict == Verdict.DIFFERENT
    assert (
        compare(Known(("RWG",), country="FR"), Known(("Reef Watch Guild",), country="NO")).verdict
        == "different"
    )


def test_a_country_in_the_name_that_is_its_own_is_not_a_chapter():
    named = Known(("Reef Watch Norway",))
    assert compare(named, Known(("Reef Watch",), country="NO")).verdict == Verdict.MAYBE
    assert compare(named, Known(("Reef Watch",), country="FR")).verdict == Verdict.DIFFERENT


def test_a_common_domain_makes_it_likelier_but_never_joins_a_chapter():
    one = Known(("Comité pour les Phares",), domains=("lights.example",))
    assert compare(one, Known(("Committee for Phares",), domains=("www.lights.example",))).verdict == "same"
    assert compare(one, Known(("Blue Coast",), domains=("lights.example",))).verdict == Verdict.MAYBE
    chapter = Known(("Comité pour les Phares Norvège",), domains=("lights.example",))
    assert compare(one, chapter).verdict == Verdict.DIFFERENT


def test_another_name_or_acronym_counts():
    one = Known(("Tidewater", "Agua y Marea"))
    assert compare(one, Known(("Agua y Marea",))).verdict == Verdict.SAME
    assert compare(Known(("Tidewater",), ("TWR",)), Known(("TWR",))).verdict == Verdict.MAYBE


WORDS = st.sampled_from(
    "Reef Watch UK Europe Human Rights Comité femmes paix права человека حقوق الإنسان 协会 Network ABC (XY) – / , 12 the de"
    " International Norge e.V. & ’".split()
)
NAMES = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=7).map(" ".join))
SIDES = st.builds(
    Known,
    st.lists(NAMES, min_size=1, max_size=2).map(tuple),
    st.lists(st.text(max_size=6), max_size=2).map(tuple),
    st.sampled_from(["", "FR", "NO"]),
    st.lists(st.sampled_from(["a.example", "b.example"]), max_size=1).map(tuple),
)


@settings(max_examples=300)
@given(SIDES, SIDES)
def test_symmetric_and_never_raises(one, other):
    found = compare(one, other)
    assert found == compare(other, one)
    assert 0 <= found.score <= 100
    assert (found.verdict == Verdict.DIFFERENT) == (found.score == 0)
    if one.country and other.country and one.country != other.country:
        assert found.verdict != Verdict.SAME


@settings(max_examples=200)
@given(NAMES.filter(lambda text: any(c.isalnum() for c in text)))
def test_everything_is_itself_however_it_is_written(name):
    assert compare(Known((name,)), Known((name,))).verdict == Verdict.SAME
    for other in (
        f"  {name.replace(' ', '   ')} ",
        unicodedata.normalize("NFC", name),
        unicodedata.normalize("NFD", name),
        name.casefold(),
    ):
        assert compare(Known((name,)), Known((other,))).verdict == Verdict.SAME


@settings(max_examples=200)
@given(NAMES)
def test_any_text_is_taken_apart(text):
    assert known_from(text).names


@given(st.sampled_from(["UK", "France", "Norge", "Europe", "Section", "Office", "Lokal"]), st.integers(0, 3))
def test_a_place_or_a_part_more_is_never_the_same(extra, at):
    words = ["Reef", "Crew", "Guild"]
    words.insert(at, extra)
    assert compare(Known(("Reef Crew Guild",)), Known((" ".join(words),))).verdict == Verdict.DIFFERENT
