"""What must not be learnt from outside: who stands hidden on a letter, and what is kept of whom. Each was tried once."""

from datetime import timedelta

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory
from django.utils import timezone

from config.start import Handler
from letters.logs import redact
from letters.models import Event, Message
from letters.public import at_address
from letters.services import life
from signatories import export, retention, tasks
from signatories.domains import belongs, proves_nothing
from signatories.models import Organisation, Representative, Signature
from signatories.reading import Entry
from signatories.services import by_link, importing, limits, review
from signatories.suggestions import names_for_form, suggest
from tests import factories
from tests.test_sign_pages import post

State = Signature.State
LATER = timedelta(days=3650)


@pytest.fixture
def for_all(db, now):
    """A public letter that organisations and individuals sign."""
    return factories.released(at=now, accepts="both", closes_at=now + timedelta(days=7))


def person(name="Amaru Quispe", affiliation="Translator", **fields):
    return {"kind": "individual", "name": name, "affiliation": affiliation, "country": "", **fields}


def entry(name="Amaru Quispe", affiliation="Translator", **fields):
    blank = dict.fromkeys(("acronym", "country", "country_code", "role", "group", "note"))
    own = {"name": affiliation, "person": name, "kind": "individual", "line": 1, "sure": True}
    return Entry(**blank | own | fields)


def listed(letter, entries):
    done = importing.import_list(letter, entries, consent="by mail", actor=None, at=timezone.now())
    return [item.outcome for item in done]


# --- Who is hidden


@pytest.mark.parametrize("hidden", ["withheld", "waiting", "nobody"])
def test_no_policy_tells_whether_an_organisation_is_hidden(db, now, hidden):
    """Somebody signs in the name of a shelter, with an address of their own, to see what happens."""
    letter = factories.released(at=now, policy="confirmed", accepts="both")
    factories.confirmed(letter, "Another Quiet House", visibility="withheld")
    if hidden != "nobody":
        factories.confirmed(letter, "Safe House", visibility="withheld" if hidden == "withheld" else "public")
    before = letter.signatures.listed().count()
    for visibility in ("public", "withheld"):
        attempt = factories.confirmed(letter, "Safe House", visibility=visibility)
        assert attempt.state == State.CONFIRMED
    letter.refresh_from_db()
    assert (letter.signatures.listed().count(), letter.withheld_count) == (before, 1)


def test_the_policy_lists_at_once_while_nobody_is_hidden(db, now):
    letter = factories.released(at=now, policy="confirmed", accepts="both")
    assert factories.confirmed(letter, "Tide Watch").is_listed
    assert factories.confirmed(letter, "Quiet House", visibility="withheld").is_counted
    assert not factories.confirmed(letter, "Night Ferry Union").is_counted
    assert factories.confirmed(letter, **person()).is_listed  # people have nobody else's name to be told of


def test_the_directory_shows_the_words_of_who_is_listed_not_of_who_is_hidden(letter, client, now):
    hidden = factories.released(at=now, title="Another letter")
    factories.confirmed(
        hidden,
        "LANTERN Shelter Ltd",
        acronym="LSD17",
        visibility="withheld",
        website="https://hidden.example",
    )
    shown = factories.accepted(letter, "lantern shelter", acronym="LS")
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.acronym, organisation.slug) == (
        "lantern shelter",
        "LS",
        "lantern-shelter",
    )
    assert organisation.website == ""
    pages = [
        "/organisations/",
        f"/organisations/{organisation.slug}/",
        "/organisations/?q=lsd17",
        "/sitemap.xml",
    ]
    for page in [*pages, f"/letters/{letter.slug}/sign/", "/organisations/suggest/?q=lantern"]:
        words = client.get(page).content.decode().replace("lsd17", "")
        assert "LANTERN" not in words and "LSD17" not in words and "hidden.example" not in words, page
    assert suggest("lsd17", at=now) == []
    assert names_for_form(at=now) == ["lantern shelter"]
    assert (
        factories.confirmed(hidden, "Lantern Shelter").organisation == shown.organisation
    )  # still recognised


def test_an_entry_that_an_editor_knows_keeps_the_editors_words(letter, now):
    factories.organisation("Tide Watch", acronym="TW", country="PT")
    factories.accepted(letter, "TIDE WATCH", acronym="")
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.acronym) == ("Tide Watch", "TW")


def test_the_text_of_a_withdrawn_letter_cannot_be_searched_for(letter, client, now):
    assert b"Keep the ferries" in client.get("/?q=winter").content
    life.withdraw(letter, reason="Overtaken.", actor=None, at=now)
    assert letter.title.encode() not in client.get("/?q=winter&status=withdrawn").content
    assert letter.title.encode() not in client.get("/?q=Venn&status=withdrawn").content
    assert letter.title.encode() in client.get("/?q=ferries&status=withdrawn").content


def test_a_draft_and_a_letter_in_circulation_are_not_even_read(draft, circulating, letter):
    assert at_address(draft.slug) is None
    assert at_address(circulating.slug) is None
    assert at_address(letter.slug) == letter


@pytest.mark.parametrize("first_to_confirm", [0, 1, None])
@pytest.mark.parametrize("hidden", ["withheld", "waiting"])
def test_two_attempts_of_ones_own_tell_nothing(letter, now, hidden, first_to_confirm):
    """The mail that an outsider gets about a further attempt is the same whether the organisation stands hidden or not."""
    visibility = "withheld" if hidden == "withheld" else "public"
    factories.confirmed(letter, "Safe House", email="director@house.example", visibility=visibility)
    heard = {}
    for name in ("Safe House", "Nobody There"):
        addresses = [f"eve{n}@{name.split()[0].lower()}.example" for n in (1, 2)]
        if first_to_confirm is None:
            factories.confirmed(letter, name, email=addresses[0])
            factories.unconfirmed(letter, name, email=addresses[1])
        else:
            both = [factories.unconfirmed(letter, name, email=address) for address in addresses]
            tasks.tell_earlier_representatives(at=now)
            for signature in (both[first_to_confirm], both[1 - first_to_confirm]):
                by_link.confirm(signature.keys.get(purpose="confirm"), at=now)
                tasks.tell_earlier_representatives(at=now)
        tasks.tell_earlier_representatives(at=now)
        told = Message.objects.filter(kind="second_attempt", recipient__in=addresses)
        heard[name] = sorted(address[:4] for address in told.values_list("recipient", flat=True))
    assert heard["Safe House"] == heard["Nobody There"] == ["eve1"]


def test_each_attempt_is_looked_at_once(letter, now):
    for name in ("Tide Watch", "Tide Watch", "Night Ferry"):
        factories.confirmed(letter, name)
    assert tasks.tell_earlier_representatives(at=now) == 1
    assert tasks.tell_earlier_representatives(at=now) == 0
    assert Message.objects.filter(kind="second_attempt").count() == 1


def test_an_address_waits_for_the_letter(circulating, letter, now):
    """Whether a good address is free tells nothing of who signed a letter that nobody may know of."""
    early = factories.accepted(circulating, "Quiet Fell", country="KE").organisation
    factories.organisation("Quiet Fell", country="FR")  # nor of an entry that stands in no public list
    later = factories.accepted(letter, "Quiet Fell", country="TZ").organisation
    later.refresh_from_db()
    assert later.slug == "quiet-fell"
    life.release(circulating, actor=None, at=now)
    assert tasks.give_addresses(at=now) == 1
    early.refresh_from_db()
    assert early.slug.startswith("quiet-fell-")
    assert tasks.give_addresses(at=now) == 0


# --- What proves an organisation


@pytest.mark.parametrize(
    "domain", ["gmail.com", "yahoo.com.ar", "hotmail.be", "gmx.net", "co.uk", "com", "github.io"]
)
def test_a_domain_where_anybody_has_an_address_proves_nothing(domain):
    assert proves_nothing(domain)
    assert not belongs(f"a@{domain}", [domain])
    assert not belongs(f"a@anybody.{domain}", [domain])


@pytest.mark.parametrize("domain", ["live.ngo", "tide.co.uk", "tide.org", "outlook.tide.org"])
def test_a_domain_of_ones_own_proves(domain):
    assert belongs(f"a@{domain}", [domain])


# --- Nobody is kept from signing, or from the desk


def test_a_sender_who_is_refused_uses_up_nothing_of_others(letter, client, settings):
    settings.SIGN_LIMIT_ADDRESS, settings.SIGN_LIMIT_LETTER, settings.SIGN_LIMIT_EMAIL = 3, 6, 4
    for n in range(12):
        post(client, letter, organisation=f"Flood {n}", email="victim@tide.example")
    client.defaults["REMOTE_ADDR"] = "203.0.113.7"
    assert post(client, letter, email="victim@tide.example").status_code == 303


def test_what_came_to_nothing_is_given_back(letter, now):
    limit = limits.Limit("letter", "1", 1)
    assert limits.count([limit], at=now) == []
    limits.give_back([limit], at=now)
    assert limits.count([limit], at=now) == []
    assert limits.count([limit], at=now) == [limit]


def test_one_box_counts_as_one_whatever_its_tags(letter, client, settings):
    settings.SIGN_LIMIT_EMAIL = 3
    sent = [
        post(client, letter, organisation=f"Group {n}", email=f"victim+{n}@v.example").status_code
        for n in range(5)
    ]
    assert sent == [303, 303, 303, 429, 429]


def test_a_name_is_no_link_whatever_its_dots(letter, client):
    for name in ("evil\uff61com/reset", "www\u3002evil", "evil\uff0ecom/x"):
        assert post(client, letter, organisation=name).status_code == 422


def test_failing_in_an_editors_name_does_not_keep_the_editor_out(client, editor, settings):
    settings.LOGIN_LIMIT = 3
    for _ in range(6):
        client.post("/admin/login/", {"username": "edda", "password": "wrong"}, REMOTE_ADDR="203.0.113.7")
    right = {"username": "edda", "password": "a long password 1"}
    assert client.post("/admin/login/", right, REMOTE_ADDR="203.0.113.7").status_code == 200
    assert client.post("/admin/login/", right, REMOTE_ADDR="198.51.100.1").status_code == 302


def test_signing_in_well_uses_up_no_tries(client, editor, settings):
    settings.LOGIN_LIMIT = 2
    right = {"username": "edda", "password": "a long password 1"}
    for _ in range(5):
        assert client.post("/admin/login/", right).status_code == 302
        client.logout()


# --- What a list may do


def test_no_list_brings_back_a_person_who_withdrew(for_all, now):
    signature = factories.accepted(for_all, **person())
    by_link.withdraw(signature.keys.filter(purpose="manage").latest("id"), at=now)
    assert listed(for_all, [entry(), entry("AMARU  quispe", "Another office")]) == ["withdrawn", "withdrawn"]
    assert not for_all.signatures.listed().exists()


def test_a_title_makes_nobody_another_person(for_all, now):
    gone = factories.accepted(for_all, **person("Wanjiru Otieno"))
    by_link.withdraw(gone.keys.filter(purpose="manage").latest("id"), at=now)
    factories.accepted(for_all, **person("Ina Risk", visibility="withheld"))
    titled = [
        entry("Ms Wanjiru Otieno", "Lawyer"),
        entry("Dr. Ina Risk", "Lawyer"),
        entry("Prof. Dr Ada Pell"),
    ]
    assert listed(for_all, titled)[:2] == ["withdrawn", "withheld"]
    assert for_all.signatures.listed().count() == 1


def test_a_list_knows_a_person_who_signed_by_the_form(for_all):
    factories.accepted(for_all, **person())
    assert listed(for_all, [entry(), entry(affiliation="Another office")]) == ["already", "new"]


def test_an_attempt_that_nobody_confirmed_keeps_no_list_out(letter):
    attempt = factories.unconfirmed(letter, "Tide Watch", email="eve@evil.example")
    other = factories.unconfirmed(letter, "Tide Watch", email="ines@tide.example")
    tide = entry(None, "Tide Watch", kind="organisation", country_code="PT")
    assert listed(letter, [tide]) == ["new"]
    first = letter.signatures.listed().get()
    for signature in (attempt, other):
        signature.refresh_from_db()
        assert signature.rival_of == first


def test_an_attempt_that_was_not_theirs_keeps_no_list_out(letter, now):
    attempt = factories.unconfirmed(letter, "Tide Watch", email="eve@evil.example")
    by_link.disown(attempt.keys.get(purpose="confirm"), at=now)
    assert listed(letter, [entry(None, "Tide Watch", kind="organisation", country_code="PT")]) == ["new"]


def test_a_list_shows_no_name_that_is_withheld(for_all):
    factories.accepted(for_all, "Risk Relief Council", country="KE", visibility="withheld")
    factories.accepted(for_all, **person("Ina Risk", visibility="withheld"))
    council = entry(None, "Risk Relief Council", kind="organisation", country_code="UG")
    assert listed(for_all, [council, entry("Ina Risk", "Lawyer")]) == ["withheld", "withheld"]
    assert not for_all.signatures.listed().exists()


# --- What is kept of whom


def test_a_mail_servers_words_hold_no_address():
    line = "550 5.1.1 <jane.doe@dissident.example>: no such user (jane.doe@dissident.example)"
    assert "jane" not in redact(line)
    assert redact("GET /signatures/abc/confirm/") == "GET /signatures/***/confirm/"


def test_what_a_mail_server_said_ends_with_the_message(letter, now):
    signature = factories.unconfirmed(letter)
    Message.objects.update(error="550 no such person", state=Message.State.FAILED)
    by_link.disown(signature.keys.get(), at=now)
    assert set(Message.objects.values_list("recipient", "error")) == {("", "")}


def test_after_the_time_of_keeping_only_the_public_list_has_names(for_all, now):
    shown = factories.accepted(for_all, **person("Shown Person"))
    hidden = factories.accepted(for_all, **person("Hidden Person", visibility="withheld"))
    refused = factories.confirmed(for_all, **person("Refused Person"))
    review.refuse(refused, reason="Ms Refused Person is unknown to us", actor=None, at=now)
    waiting = factories.confirmed(for_all, **person("Waiting Person"))
    gone = factories.accepted(for_all, **person("Gone Person"))
    review.withdraw_for(gone, reason="Gone Person wrote to us", actor=None, at=now)
    group = factories.confirmed(for_all, "Waiting Group")
    by_link.propose_correction(
        shown.keys.filter(purpose="manage").latest("id"), name="Shown P", acronym="", at=now
    )
    assert retention.erase(at=now + LATER, dry_run=True).total() > 0
    retention.erase_due(at=now + LATER)
    assert not Representative.objects.exists()
    rows = {row.pk: row for row in for_all.signatures.all()}
    assert rows[shown.pk].name == "Shown Person" and rows[shown.pk].proposed_name == ""
    for signature in (hidden, refused, waiting):
        row = rows[signature.pk]
        assert row.name == row.affiliation == row.search_text == row.refusal_reason == ""
    assert rows[hidden.pk].is_counted and rows[waiting.pk].state == State.EXPIRED
    assert (rows[group.pk].name, rows[group.pk].state) == ("Waiting Group", State.EXPIRED)
    assert rows[gone.pk].refusal_reason == ""
    for_all.refresh_from_db()
    assert (for_all.signature_count, for_all.withheld_count) == (2, 1)
    assert not any("Person" in event.note for event in Event.objects.all())
    assert retention.erase_due(at=now + LATER) == 0


def test_a_signature_can_be_withdrawn_after_the_time_of_keeping(letter, client, now):
    signature = factories.accepted(letter, "Tide Watch", email="ines@tide.example")
    link = factories.link_for("ines@tide.example", "/signatures/")
    retention.erase_due(at=now + LATER)
    assert client.get(link).status_code == 200
    assert client.post(link, {"act": "withdraw", "sure": "1"}).status_code == 200
    signature.refresh_from_db()
    assert signature.state == State.WITHDRAWN


def test_a_link_used_twice_in_one_moment_says_so(letter, client, now):
    signature = factories.accepted(letter, "Tide Watch", email="ines@tide.example")
    key = signature.keys.filter(purpose="manage").select_related("signature__letter").latest("id")
    by_link.withdraw(key, at=now)
    with pytest.raises(by_link.Refused, match="used up"):
        by_link.withdraw(key, at=now)


def test_a_message_tells_no_stranger_what_somebody_typed_in_its_subject(letter):
    factories.unconfirmed(letter, "Win 500 EUR now at evil-prizes.com")
    assert "evil" not in factories.send_mail()[-1].subject


# --- What a spreadsheet does


@pytest.mark.parametrize("name", ["Bar;=1+1;-2", "a; @b", ";'=x", "';=", "plain; words", ";;=", "; '+"])
def test_no_cell_begins_behind_a_semicolon(name):
    guarded = export.guard(name)
    assert export.unguard(guarded) == name
    for part in guarded.split(";")[1:]:
        assert part.strip()[:1] not in tuple("=+-@")


# --- One address, one meaning


def answer(method, path, body=b"", **environ):
    """What the server process itself gives, before any middleware: status and page."""
    status = []
    query = path.partition("?")[2]
    given = RequestFactory().generic(method, path, body).environ | {"QUERY_STRING": query} | environ
    signals = (request_started, request_finished)
    [
        signal.disconnect(close_old_connections) for signal in signals
    ]  # as the test client does: the test's own stays
    try:
        page = Handler()(given, lambda line, headers, error=None: status.append(line))
        return status[0], b"".join(page)
    finally:
        [signal.connect(close_old_connections) for signal in signals]


@pytest.mark.parametrize("charset", ["utf-16", "hex", "unicode_escape", "nothing"])
def test_a_content_type_changes_no_address_and_no_form(letter, charset):
    page = f"/letters/{letter.slug}/signatories/?q=\\ud800"
    assert answer("GET", page, CONTENT_TYPE=f"text/plain; charset={charset}") == answer("GET", page)
    for odd in ("charset*=undefined''%41", "x*=idna''%ff", "charset*=bogus''%41"):
        assert answer("GET", page, CONTENT_TYPE=f"text/html; {odd}") == answer("GET", page)
    body = b"--x\r\nContent-Disposition: form-data; name=organisation\r\n\r\nTide\r\n--x--\r\n"
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    status, page = answer("POST", f"/letters/{letter.slug}/sign/", body, CONTENT_TYPE=kind)
    assert status.startswith("422")
    assert b"Tide" in page


def test_a_place_that_a_header_names_moves_no_page(letter, client):
    page = letter.get_absolute_url()
    moved = client.get(page, SCRIPT_NAME="/elsewhere")
    assert moved.content == client.get(page).content


def test_the_form_is_kept_apart_from_pages(letter, client, settings):
    settings.PAGE_CACHE_SECONDS = 1
    address, host = f"/letters/{letter.slug}/sign/", {"host": "testserver"}
    first = client.get(address, headers=host)
    again = client.get(address, headers=host)  # kept, but by the door that puts the ticket in
    assert first.status_code == again.status_code == 200
    assert "no-store" in again["Cache-Control"]
