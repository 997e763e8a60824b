"""Letters and lists from documents, and the demo: what each becomes, and that twice is once."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from letters.models import Letter, Message
from letters.services.errors import Refused
from signatories.models import Organisation, Representative, Signature
from signatories.reading import read_list
from signatories.services import by_link
from signatories.services.importing import import_list
from tests import factories

HERE = Path(__file__).parent / "fixtures"
SEED = Path(__file__).resolve().parents[2] / "shared" / "seed" / "letter.txt"


def run(*args, **options):
    out, err = StringIO(), StringIO()
    call_command(*args, stdout=out, stderr=err, **options)
    return out.getvalue().strip()


def names(letter):
    return [s.shown_name for s in letter.signatures.listed().in_order(letter.order)]


def test_a_page_copied_to_text_becomes_a_public_letter(db, client):
    path = run("import_letter", HERE / "letter_copied_from_page.txt", publish=True)
    letter = Letter.objects.get()
    page = client.get(path).content.decode()
    assert path == letter.get_absolute_url()
    assert letter.title in page
    assert names(letter)[:3] == [
        "Alder Valley Fishers' Union",
        "BRIDGE 44",
        "Coalition for Rivers and Wetlands in the East (CRW-East)",
    ]
    assert len(names(letter)) == 7
    assert letter.picture_credit
    assert "LRO" not in names(letter)
    assert run("import_letter", HERE / "letter_copied_from_page.txt", publish=True) == path
    assert Letter.objects.count() == 1
    assert letter.signatures.count() == 7


@pytest.mark.skipif(not SEED.exists(), reason="the shared real letter is not beside this checkout")
def test_the_first_real_letter(db, client):
    page = client.get(run("import_letter", SEED, publish=True)).content.decode()
    letter = Letter.objects.get()
    assert letter.title == "US withdrawal from Human Rights Council decision of US administration alone"
    assert letter.topics.get().name == "HRC"
    assert letter.date.isoformat() == "2018-06-22"
    assert letter.text.salutation == "Dear Ambassador Haley,"
    assert letter.text.body.count("<p>") == 4
    assert letter.text.body.count('<a href="#">') == 3
    assert letter.text.standfirst.count('<a href="#">') == 1
    assert "towards those goals.</p>" in letter.text.body
    assert letter.picture_credit == "ISHR" and "Picture: <bdi>ISHR</bdi>" in page
    found = names(letter)
    assert len(found) == 18
    assert found[0] == "Amnesty International"
    assert found[2] == "Asian Forum for Human Rights and Development (Forum-Asia)"
    assert found[8] == "DefendDefenders"
    assert found[17] == "Urgent Action Fund for Women's Human Rights"
    assert [s.acronym for s in letter.signatures.listed().in_order(letter.order)].count("") == 10


def test_an_imported_letter_stays_a_draft_unless_published(db):
    run("import_letter", HERE / "letter_copied_from_page.txt")
    assert Letter.objects.get().stage == "draft"


@pytest.mark.parametrize(("name", "words"), [("nothing.txt", "No such file"), ("x.docx", "docx")])
def test_bad_input_is_one_clear_line(db, tmp_path, name, words):
    if name != "nothing.txt":
        (tmp_path / name).write_bytes(b"PK\x03\x04")
    with pytest.raises(CommandError, match=words) as error:
        run("import_letter", tmp_path / name)
    assert "\n" not in str(error.value)
    with pytest.raises(CommandError):
        run("import_signatories", "no-such-letter", HERE / "letter_copied_from_page.txt")


def test_a_dry_run_prints_what_is_promised_and_stores_nothing(db):
    found = json.loads(
        run("import_signatories", "-", HERE / "letter_copied_from_page.txt", dry_run=True, json=True)
    )
    first = found["signatories"][0]
    assert set(first) == {
        "name",
        "acronym",
        "country",
        "country_code",
        "person",
        "role",
        "kind",
        "group",
        "note",
        "line",
        "sure",
    }
    assert set(found["ignored"][0]) == {"text", "line", "reason"}
    assert not Organisation.objects.exists()


def test_a_list_is_put_on_a_letter_once(letter, now):
    entries = read_list(
        "Signatories:\n1. Tide Watch (TW)\n2. Harbour Circle\n3. Tide Watch (TW)\n"
    ).signatories
    outcomes = import_list(letter, entries, consent="by mail", actor=None, at=now)
    assert [item.outcome for item in outcomes] == ["new", "new", "twice"]
    again = import_list(letter, entries[:2], consent="by mail", actor=None, at=now)
    assert [item.outcome for item in again] == ["already", "already"]
    assert names(letter) == ["Harbour Circle", "Tide Watch (TW)"]
    assert not Message.objects.exists() and not Representative.objects.exists()
    assert letter.events.filter(kind="list.imported").first().note == "by mail"


def test_an_office_printed_without_a_name_stands_as_it_is_printed(letter, now):
    text = "Signatories:\n1. President of the Quay Society\n2. Open Quays Network\n3. Avocat à la Cour"
    import_list(letter, read_list(text).signatories, consent="test", actor=None, at=now)
    got = (
        letter.signatures.filter(kind=Signature.Kind.INDIVIDUAL)
        .order_by("pk")
        .values_list("name", "affiliation")
    )
    assert list(got) == [("President", "Quay Society"), ("Avocat à la Cour", "")]


def test_an_import_never_brings_back_what_was_withdrawn(letter, now):
    signature = factories.accepted(letter, "Tide Watch")
    by_link.withdraw(signature.keys.filter(purpose="manage").latest("id"), at=now)
    entries = read_list("1. Tide Watch\n2. Harbour Circle\n").signatories
    outcomes = import_list(letter, entries, consent="old list", actor=None, at=now)
    assert [item.outcome for item in outcomes] == ["withdrawn", "new"]
    assert names(letter) == ["Harbour Circle"]


def test_an_imported_signature_does_not_say_when_it_signed(letter, now, client):
    import_list(letter, read_list("1. Tide Watch\n").signatories, consent="x", actor=None, at=now)
    found = json.loads(b"".join(client.get(f"/letters/{letter.slug}/signatories.json").streaming_content))
    assert found["signatories"][0]["signed_on"] is None


def test_a_draft_takes_no_list(draft, now):
    with pytest.raises(Refused, match="opened for signing"):
        import_list(draft, read_list("1. Tide Watch\n").signatories, consent="x", actor=None, at=now)


def test_the_demo_shows_every_stage_and_loads_once(db, settings, tmp_path, client):
    settings.DEBUG, settings.VAR_DIR = True, tmp_path
    run("load_demo")
    before = Letter.objects.count(), Signature.objects.count(), Organisation.objects.count()
    assert run("load_demo") == "the demo is here already"
    assert before == (Letter.objects.count(), Signature.objects.count(), Organisation.objects.count())
    assert set(Letter.objects.values_list("stage", flat=True)) == {
        "draft",
        "circulating",
        "published",
        "withdrawn",
    }
    assert Letter.objects.filter(language="ar").exists()
    assert Letter.objects.filter(signature_count__gte=1200).exists()
    assert "editor" in (tmp_path / "demo-login.txt").read_text()
    assert not Message.objects.filter(state="queued").exists()
    page = client.get("/").content.decode()
    for word in ("Quillhaven", "Ferrowmark"):
        assert word not in page


@pytest.mark.parametrize("command", [["load_demo"], ["fill", "x", "--signatures", "5"]])
def test_made_up_data_needs_debug_or_yes(db, settings, command):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--yes"):
        run(*command)
