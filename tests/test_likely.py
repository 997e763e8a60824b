"""Which organisations of the directory a name may be."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from signatories.matching import Known
from signatories.models import MatchKey, Organisation
from signatories.services import directory, match_keys
from signatories.services.likely import ONE_BY_ONE, Finder, known_of

from . import factories

pytestmark = pytest.mark.django_db


def entry(name, **fields):
    return directory.create_organisation(name=name, actor=None, at=timezone.now(), **fields)


def names_of(found):
    return [item.organisation.name for item in found]


@pytest.fixture
def entries():
    entry("Tidewater Crew Guild", acronym="TCG", country="NO")
    entry("Committee for Women and Peace", others=["Comité azul"], translations={"fr": "Femmes du Quai"})
    entry("Reef Watch International")
    entry("Reef Watch Norway")
    for n in range(ONE_BY_ONE):
        entry(f"Human Rights Centre {'abcdefghijklmnopqrstuvwxyz'[n] * 4}")


def long_finder():
    """One that has been asked often enough to hold the keys."""
    finder = Finder()
    for _ in range(ONE_BY_ONE + 1):
        finder.candidates(Known(("Nobody Knows Them",)))
    return finder


@pytest.mark.parametrize("make", [Finder, long_finder])
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Known(("Tidewater Crew Gild",)), ["Tidewater Crew Guild"]),
        (Known(("TCG",)), ["Tidewater Crew Guild"]),
        (Known(("Tide water Crew Guild",)), ["Tidewater Crew Guild"]),
        (Known(("Комитет женщин за мир",)), ["Committee for Women and Peace"]),
        (Known(("Comité Azul",)), ["Committee for Women and Peace"]),
        (Known(("femmes du quai",)), ["Committee for Women and Peace"]),
        (Known(("Reef Watch Intl",)), ["Reef Watch International"]),
        (Known(("CWP",)), ["Committee for Women and Peace"]),
        (Known(("Human Rights Centre cccc",)), ["Human Rights Centre cccc"]),
        (Known(("!?",)), []),
        (Known(("Entirely Other People",)), []),
    ],
)
def test_what_is_like_a_name(entries, make, asked, expected):
    assert names_of(make().candidates(asked)) == expected


def test_the_likeliest_first_and_no_more_than_asked_for(entries):
    entry("Tidewater Crew Gilde")
    finder = Finder()
    assert names_of(finder.candidates(Known(("Tidewater Crew Guild",)))) == [
        "Tidewater Crew Guild",
        "Tidewater Crew Gilde",
    ]
    assert len(finder.candidates(Known(("Tidewater Crew Guild",)), limit=1)) == 1


def test_few_statements_whatever_the_size(entries, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        assert Finder().candidates(Known(("Tidewater Crew Gild",)))
    with django_assert_max_num_queries(4):
        Finder(public_at=timezone.now()).candidates(Known(("Tidewater Crew Gild",)))


@pytest.mark.parametrize("make", [Finder, long_finder])
def test_an_entry_made_since_is_found(entries, make):
    finder = make()
    made = entry("Lantern Keepers of Merrow")
    finder.add(made)
    assert names_of(finder.candidates(Known(("Lantern Keepers Merow",)))) == [made.name]


def test_a_new_name_is_found_and_the_old_one_is_not():
    made = entry("Lantern Keepers")
    made.name = "Beacon Wardens"
    directory.save_organisation(made, others=[], domains=[], actor=None, at=timezone.now())
    assert names_of(Finder().candidates(Known(("Beacon Wardens",)))) == ["Beacon Wardens"]
    assert Finder().candidates(Known(("Lantern Keepers",))) == []


def test_names_that_were_moved_are_found_once_the_keys_are_renewed():
    one, other = entry("Lantern Keepers"), entry("Beacon Wardens", acronym="BWX")
    other.names.update(organisation=one)
    other.delete()
    match_keys.renew(one)
    assert names_of(Finder().candidates(Known(("Beacon Wardens",)))) == ["Lantern Keepers"]
    assert names_of(Finder().candidates(Known(("BWX",)))) == ["Lantern Keepers"]
    assert set(MatchKey.objects.values_list("organisation", flat=True)) == {one.pk}


def test_what_is_known_is_read_alike_in_both_ways():
    made = entry("Lantern Keepers", acronym="LKX", country="NO", others=["Lys"], domains=["lys.example"])
    known = known_of(Organisation.objects.prefetch_related("names", "domains").get(pk=made.pk))
    assert known == Known(("Lantern Keepers", "Lys"), ("LKX",), "NO", ("lys.example",))
    assert Finder()._facts([made.pk]) == [(made.pk, known)]


def test_a_stranger_hears_of_listed_ones_alone_and_nothing_of_the_others():
    at = timezone.now()
    letter = factories.released()
    factories.accepted(letter, "Lantern Keepers of Merrow")
    before = names_of(Finder(public_at=timezone.now()).candidates(Known(("Lantern Keepers of Merrow",))))
    for n in range(100):  # likelier ones, all hidden
        directory.find_or_create(
            "Lantern Keepers of Merrow", country=f"{chr(65 + n // 26)}{chr(65 + n % 26)}", at=at
        )
    after = names_of(Finder(public_at=timezone.now()).candidates(Known(("Lantern Keepers of Merrow",))))
    assert before == after == ["Lantern Keepers of Merrow"]


def test_the_command_says_it_of_a_file(tmp_path, capsys):
    file = tmp_path / "pairs.tsv"
    file.write_text(
        "Reef Watch (RWX)\tREEF WATCH\nReef Watch\tReef Watch UK\nPWU\tPier Workers Union\n", encoding="utf-8"
    )
    call_command("match_organisations", file)
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "same",
        "different",
        "maybe",
    ]
    file.write_text("only one\n")
    with pytest.raises(CommandError, match="line 1"):
        call_command("match_organisations", file)
    with pytest.raises(CommandError):
        call_command("match_organisations", tmp_path / "none")
