"""Importing a list in the desk: what each line becomes is seen and decided before anything is stored."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from letters.models import Event, Group, Message
from signatories.models import ImportBatch, ImportRow, Organisation, Representative
from signatories.services import by_link, importing
from signatories.services.judging import faults
from tests import factories
from tests.test_desk import at, desk, office, queue, step  # noqa: F401

pytestmark = pytest.mark.django_db
ADD = "admin:signatories_importbatch_add"
LIST = """Signatories
1. Tide Watch (TW)
2. Harbour Circle, Portugal
3. Tide Watch (TW)
4. Night Ferry Union
"""


def give(client, letter, text=LIST, **more):
    """The batch that the desk makes of a pasted list."""
    data = {"letter": letter.pk, "text": text, "source_name": "Form of May"} | more
    answer = client.post(reverse(ADD), data)
    assert answer.status_code == 302, answer.content.decode()
    return ImportBatch.objects.latest("id")


def line(batch, name):
    return batch.rows.filter(name=name).first()


def act(client, row, **data):
    url = reverse("admin:signatories_importbatch_line", args=[row.batch_id, row.pk])
    return client.post(url, data)


def edit(client, row, **words):
    fields = {name: str(getattr(row, name)) for name in importing.EDITED} | words
    return act(client, row, **{f"line{row.pk}-{name}": value for name, value in fields.items()})


def press(client, batch, verb="apply", **data):
    consent = {"consent_from": "mail", "consent_date": "2026-01-02", "consent_note": ""}
    return factories.press(client, step(batch, verb), (consent if verb == "apply" else {}) | data)


def outcomes(batch):
    return dict(importing.counts_of(batch))


def known(name, **fields):
    return factories.organisation(name, **fields)


def twins():
    """Two organisations of one name: a line that names no country may be either."""
    return [
        known(
            "Tide Watch",
            acronym="TW",
            country=country,
            domains=[f"tide-{country}.example".lower()],
            others=["Watch of Tides"],
        )
        for country in ("PT", "ES")
    ]


# --- The way in


def test_the_letter_leads_to_it_and_the_first_page_too(desk, letter, draft):  # noqa: F811
    url = reverse(ADD) + f"?letter={letter.pk}"
    assert url in desk.get(at(letter)).content.decode()
    assert reverse(ADD) + "?letter" not in desk.get(at(draft)).content.decode()
    assert f'<option value="{letter.pk}" selected>' in desk.get(url).content.decode()
    assert reverse(ADD) in desk.get("/admin/").content.decode()


def test_who_reviews_imports_nothing(queue, letter):  # noqa: F811
    assert queue.get(reverse(ADD)).status_code == 403
    assert queue.post(reverse(ADD), {"letter": letter.pk, "text": LIST}).status_code == 403
    assert not ImportBatch.objects.exists()


def test_a_reviewer_cannot_touch_what_an_editor_began(client, reviewer, letter, now):
    batch = importing.begin(letter, filename="a.txt", data=LIST.encode(), source_name="A", actor=None, at=now)
    client.force_login(reviewer)
    row = batch.rows.filter(ignored="").first()
    urls = [at(batch), step(batch, "apply"), reverse("admin:signatories_importbatch_lines", args=[batch.pk])]
    for url in [*urls, reverse("admin:signatories_importbatch_line", args=[batch.pk, row.pk])]:
        assert client.get(url).status_code == 403
        assert client.post(url, {"decision": "out"}).status_code == 403
    assert not batch.rows.filter(left_out=True).exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Paste a list here"),
        ({"text": "A", "file": ("a.txt", b"B")}, "give one of the two"),
        ({"file": ("a.exe", b"MZ")}, "cannot be read as a list"),
        ({"file": ("a.json", b"{")}, "does not hold valid JSON"),
        ({"text": "A", "letter": ""}, "Choose the letter"),
    ],
)
def test_what_cannot_be_read_is_said_beside_it_and_nothing_is_lost(desk, letter, given, words):  # noqa: F811
    data = {"letter": letter.pk, "source_name": "Kept name"} | given
    if "file" in given:
        data["file"] = SimpleUploadedFile(*given["file"])
    answer = desk.post(reverse(ADD), data)
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "Kept name" in page
    assert given.get("text", "") in page
    assert not ImportBatch.objects.exists()


def test_a_letter_that_takes_no_list_is_not_offered(desk, letter, draft):  # noqa: F811
    assert desk.post(reverse(ADD), {"letter": draft.pk, "text": LIST}).status_code == 422
    assert not ImportBatch.objects.exists()


def test_a_file_is_read_by_its_ending(desk, letter):  # noqa: F811
    table = "Organisation,Country\nTide Watch,Portugal\nHarbour Circle,Chile\n"
    file = SimpleUploadedFile("answers.csv", table.encode())
    batch = give(desk, letter, text="", file=file, source_name="")
    assert batch.source_name == "answers.csv"
    assert [(row.name, str(row.country)) for row in batch.rows.filter(ignored="")] == [
        ("Tide Watch", "PT"),
        ("Harbour Circle", "CL"),
    ]


def test_columns_are_changed_by_hand(desk, letter):  # noqa: F811
    table = "Network,Answer,Place\nTide Watch,Yes,Portugal\nHarbour Circle,Yes,Chile\n"
    batch = give(desk, letter, text="", file=SimpleUploadedFile("answers.csv", table.encode()))
    url = reverse("admin:signatories_importbatch_columns", args=[batch.pk])
    assert url in desk.get(at(batch)).content.decode()
    page = desk.get(url).content.decode()
    assert "Harbour Circle" in page and "Answer" in page
    wrong = desk.post(url, {"column0": "", "column1": "", "column2": "country"})
    assert wrong.status_code == 422 and "in which column the names" in wrong.content.decode()
    desk.post(url, {"headed": "on", "column0": "organisation", "column1": "note", "column2": "country"})
    found = list(batch.rows.filter(ignored="").values_list("name", "note", "country"))
    assert found == [("Tide Watch", "Yes", "PT"), ("Harbour Circle", "Yes", "CL")]
    assert 'value="note" selected' in desk.get(url).content.decode()


# --- What each line becomes


def test_nothing_is_stored_before_it_is_applied(desk, letter):  # noqa: F811
    batch = give(desk, letter)
    assert batch.state == "preview"
    assert outcomes(batch) == {"new": 3, "twice": 1, "ignored": 1}
    assert not Organisation.objects.exists() and not letter.signatures.exists()
    page = desk.get(at(batch)).content.decode()
    for words in ("Tide Watch (TW)", "Harbour Circle", "Portugal", "Twice in this list", "Not a signatory"):
        assert words in page


def test_each_line_says_what_it_is(desk, letter):  # noqa: F811
    known("Harbour Circle", country="PT")
    factories.accepted(letter, "Night Ferry Union", country="")
    gone = factories.accepted(letter, "Tide Watch", country="")
    by_link.withdraw(gone.keys.filter(purpose="manage").latest("id"), at=timezone.now())
    factories.withheld(letter, "Quiet House", country="KE")
    batch = give(desk, letter, LIST + "5. Quiet House, Uganda\n6. Night Ferry Union\n")
    found = {(row.line, row.outcome) for row in batch.rows.filter(ignored="")}
    assert found == {
        (2, "withdrawn"),
        (3, "known"),
        (4, "withdrawn"),
        (5, "already"),
        (6, "withheld"),
        (7, "twice"),
    }


def test_a_name_that_is_probably_known_waits_for_one_click(desk, letter):  # noqa: F811
    tide, _other = twins()
    factories.accepted(factories.released(title="Another"), "Tide Watch", country="PT")
    batch = give(desk, letter)
    row = line(batch, "Tide Watch")
    assert row.outcome == "maybe"
    page = desk.get(at(batch) + "?outcome=maybe").content.decode()
    for words in (
        "Watch of Tides",
        "tide-pt.example",
        "1 letter",
        "0 letters",
        "Portugal",
        "Spain",
        "the same name",
        "verified",
    ):
        assert words in page
    assert "waits for your decision" in press(desk, batch).content.decode()
    assert not letter.signatures.exists()
    act(desk, row, decision="this", organisation=tide.pk)
    row.refresh_from_db()
    assert (row.outcome, row.organisation) == ("known", tide)
    press(desk, batch)
    assert letter.signatures.get(organisation=tide).name == "Tide Watch"
    assert Organisation.objects.count() == 4


def test_or_it_is_a_new_organisation(desk, letter):  # noqa: F811
    twins()
    batch = give(desk, letter)
    assert outcomes(batch) == {"new": 2, "maybe": 1, "twice": 1, "ignored": 1}
    act(desk, line(batch, "Tide Watch"), decision="new")
    assert outcomes(batch) == {"new": 3, "twice": 1, "ignored": 1}
    press(desk, batch)
    assert Organisation.objects.count() == 5
    assert letter.signatures.get(name="Tide Watch").organisation.country == ""


def test_only_a_candidate_can_be_chosen(desk, letter):  # noqa: F811
    twins()
    other = known("Somebody Else")
    row = line(give(desk, letter, "1. Tide Watch (TW)\n2. Harbour Circle\n"), "Tide Watch")
    page = desk.post(
        reverse("admin:signatories_importbatch_line", args=[row.batch_id, row.pk]),
        {"decision": "this", "organisation": other.pk},
        follow=True,
    ).content.decode()
    assert "none of those" in page
    row.refresh_from_db()
    assert row.outcome == "maybe"


def test_a_second_entry_of_the_same_name_and_country_is_refused(desk, letter):  # noqa: F811
    known("Harbour Circle", country="PT")
    row = line(give(desk, letter), "Harbour Circle")
    page = desk.post(
        reverse("admin:signatories_importbatch_line", args=[row.batch_id, row.pk]),
        {"decision": "new"},
        follow=True,
    )
    assert "in the directory in the same country" in page.content.decode()


# --- Mending


def test_a_line_is_mended_in_its_place(desk, letter):  # noqa: F811
    batch = give(desk, letter)
    row = line(batch, "Night Ferry Union")
    form = desk.get(at(batch) + f"?edit={row.pk}").content.decode()
    assert f'name="line{row.pk}-name" value="Night Ferry Union"' in form
    edit(desk, row, name="Night Ferries’ Union", country="NO", note="on behalf of 12 crews")
    row.refresh_from_db()
    assert (row.name, str(row.country), row.note) == ("Night Ferries’ Union", "NO", "on behalf of 12 crews")
    event = Event.objects.get(kind="list.line_changed")
    assert event.after["what"] == ["name", "country", "note"] and "Ferries" not in str(event.after)


def test_what_does_not_fit_is_said_beside_the_field_with_what_was_typed(desk, letter):  # noqa: F811
    batch = give(desk, letter)
    row = line(batch, "Night Ferry Union")
    answer = edit(desk, row, name="", acronym="A" * 41, note="Kept")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Give the name." in page and "at most 40 characters" in page and 'value="Kept"' in page
    row.refresh_from_db()
    assert row.name == "Night Ferry Union"


def test_a_reading_that_is_too_long_waits_to_be_mended(desk, letter):  # noqa: F811
    batch = give(desk, letter, "Organisation,Note\nTide Watch," + "w" * 200 + "\n")
    row = line(batch, "Tide Watch")
    assert row.outcome == "faulty"
    assert "At most 160 characters" in desk.get(at(batch)).content.decode()
    edit(desk, row, note="short")
    row.refresh_from_db()
    assert row.outcome == "new"


def test_leaving_out_the_first_of_two_lets_the_second_in(desk, letter):  # noqa: F811
    batch = give(desk, letter)
    first, second = batch.rows.filter(name="Tide Watch")
    assert (first.outcome, second.outcome) == ("new", "twice")
    act(desk, first, decision="out")
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.outcome, second.outcome) == ("left_out", "new")
    act(desk, first, decision="in")
    second.refresh_from_db()
    assert second.outcome == "twice"


def test_an_ignored_line_can_be_a_signatory_after_all(desk, letter):  # noqa: F811
    batch = give(desk, letter)
    row = batch.rows.get(outcome="ignored")
    act(desk, row, decision="in")
    row.refresh_from_db()
    assert (row.outcome, row.name) == ("new", "Signatories")
    press(desk, batch)
    assert letter.signatures.filter(name="Signatories").exists()


def test_a_row_of_a_table_taken_after_all_is_read_by_its_columns_and_looked_at(desk, letter):  # noqa: F811
    table = "Timestamp,Email Address,Organisation,Your name,Do you agree to sign?\n"
    rows = "5/14/2026 10:22:31,{},{},Ines Marl,{}\n"
    table += rows.format("a@tide.example", "Tide Watch", "Yes") + rows.format("b@quay.example", "Quay", "No")
    batch = give(desk, letter, "", file=SimpleUploadedFile("form.csv", table.encode()))
    row = batch.rows.get(text__contains="Quay")
    act(desk, row, decision="in")
    row.refresh_from_db()
    assert (row.outcome, row.name, row.person, row.email) == ("unsure", "Quay", "Ines Marl", "b@quay.example")


def test_an_e_mail_address_in_what_is_printed_is_to_be_mended(desk, letter):  # noqa: F811
    batch = give(desk, letter, "1. Tide Watch\n2. Quay")
    row = batch.rows.get(name="Quay")
    edit(desk, row, name="Quay, b@quay.example")
    row.refresh_from_db()
    assert row.name == "Quay"  # the form says what is wrong and changes nothing
    assert (
        "Take the e-mail address out"
        in faults(ImportRow(kind="organisation", name="Quay, b@quay.example"))["name"]
    )


def test_each_column_of_a_table_is_offered_in_words(desk, letter):  # noqa: F811
    batch = give(
        desk, letter, "", file=SimpleUploadedFile("a.csv", b"Organisation,Country\nTide Watch,Chile\n")
    )
    page = desk.get(reverse("admin:signatories_importbatch_columns", args=[batch.pk])).content.decode()
    assert ">E-mail (not public)</option>" in page


def test_all_that_wait_can_be_left_out_at_once(desk, letter):  # noqa: F811
    twins()
    batch = give(desk, letter)
    url = reverse("admin:signatories_importbatch_lines", args=[batch.pk])
    desk.post(url, {"decision": "out"})
    assert outcomes(batch) == {"new": 2, "left_out": 1, "maybe": 1, "ignored": 1}
    desk.post(url, {"decision": "out"})
    press(desk, batch)
    assert {s.name for s in letter.signatures.all()} == {"Harbour Circle", "Night Ferry Union"}


def test_unsure_readings_wait(desk, letter):  # noqa: F811
    batch = (
        give(desk, letter, '{"signatories": [{"name": "Tide Watch", "sure": false}]}', text="")
        if False
        else None
    )
    data = b'[{"name": "Tide Watch", "sure": false}, {"name": "Harbour Circle"}]'
    batch = give(desk, letter, text="", file=SimpleUploadedFile("a.json", data))
    assert outcomes(batch) == {"unsure": 1, "new": 1}
    act(desk, line(batch, "Tide Watch"), decision="right")
    assert outcomes(batch) == {"new": 2}


# --- Applying


def test_it_is_applied_as_was_said(desk, editor, letter):  # noqa: F811
    known("Harbour Circle", country="PT")
    batch = give(desk, letter)
    page = desk.get(step(batch, "apply")).content.decode()
    for words in (
        "3 signatories are put",
        "1 organisation is in the directory",
        "2 organisations are new",
        "No mail is sent",
        "Twice in this list: 1",
        "They are public at once",
    ):
        assert words in page, words
    answer = press(desk, batch)
    assert answer.status_code == 302, answer.content.decode()
    batch.refresh_from_db()
    letter.refresh_from_db()
    assert (batch.state, batch.made_signatures, batch.made_organisations) == ("applied", 3, 2)
    assert letter.signature_count == letter.signatures.listed().count() == 3
    assert dict(letter.tallies.values_list("country", "n")) == {"PT": 1}
    assert batch.original is None
    event = Event.objects.get(kind="list.imported")
    assert (event.actor, event.after["new"], event.after["consent"]) == (editor, 3, "mail")
    assert Event.objects.filter(kind="signature.imported", letter=letter).count() == 3
    assert not Message.objects.exists() and not Representative.objects.exists()
    assert line(batch, "Night Ferry Union").signature.organisation.slug == "night-ferry-union"
    names = desk.get(f"/letters/{letter.slug}/").content.decode()
    assert all(name in names for name in ("Tide Watch", "Harbour Circle", "Night Ferry Union"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"consent_from": ""}, "Say where the signatories"),
        ({"consent_date": ""}, "Give the day"),
        ({"consent_date": str(date.today() + timedelta(days=9))}, "has not come yet"),
        ({"consent_from": "other"}, "Say where it came from"),
    ],
)
def test_consent_is_stated(desk, letter, data, words):  # noqa: F811
    batch = give(desk, letter)
    answer = press(desk, batch, **data)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not letter.signatures.exists()


def test_headings_of_the_list_become_those_of_the_letter_when_asked(desk, letter):  # noqa: F811
    data = b'[{"name": "Tide Watch", "group": "Asia"}, {"name": "Harbour Circle", "group": "Africa"}]'
    batch = give(desk, letter, text="", file=SimpleUploadedFile("a.json", data))
    assert "does not have these headings: Asia, Africa" in desk.get(step(batch, "apply")).content.decode()
    press(desk, batch, headings="on")
    own = Group.objects.filter(letter=letter, kind="own").order_by("position")
    assert [group.heading for group in own] == ["Asia", "Africa"]
    assert [s.group.heading for s in letter.signatures.listed().in_order(letter.order)] == ["Asia", "Africa"]


def test_what_changed_meanwhile_is_shown_and_not_applied(desk, letter):  # noqa: F811
    batch = give(desk, letter)
    factories.accepted(letter, "Night Ferry Union", country="")
    press(desk, batch)
    batch.refresh_from_db()
    assert batch.state == "preview" and letter.signatures.count() == 1
    page = desk.get(at(batch) + "?outcome=changed").content.decode()
    assert "1 line is now something else" in page and "Night Ferry Union" in page and "Tide Watch" not in page
    press(desk, batch)
    batch.refresh_from_db()
    assert batch.state == "applied" and letter.signatures.listed().count() == 3


def test_of_two_editors_the_second_sees_what_the_first_did(desk, letter, now):  # noqa: F811
    batch = give(desk, letter)
    stale = desk.get(step(batch, "apply")).context["mark"]
    importing.decide(line(batch, "Harbour Circle"), "out", actor=None, at=now)
    data = {"consent_from": "mail", "consent_date": "2026-01-02", "seen": stale}
    page = desk.post(step(batch, "apply"), data).content.decode()
    assert "has changed since you opened" in page
    assert not letter.signatures.exists()


def test_a_double_click_applies_once(desk, letter):  # noqa: F811
    batch = give(desk, letter)
    seen = desk.get(step(batch, "apply")).context["mark"]
    data = {"consent_from": "mail", "consent_date": "2026-01-02", "seen": seen}
    for _one in range(2):
        desk.post(step(batch, "apply"), data)
    assert letter.signatures.count() == 3
    assert Event.objects.filter(kind="list.imported").count() == 1


def test_a_list_that_was_discarded_leaves_nothing(desk, letter):  # noqa: F811
    batch = give(desk, letter)
    press(desk, batch, "discard")
    batch.refresh_from_db()
    assert (batch.state, batch.original, batch.rows.count()) == ("stopped", None, 0)
    assert Event.objects.filter(kind="list.stopped").exists()


def test_who_wants_more_than_a_step_allows_is_told(desk, letter):  # noqa: F811
    batch = give(desk, letter)
    press(desk, batch)
    row = batch.rows.filter(outcome="new").first()
    assert act(desk, row, decision="out").status_code == 302
    row.refresh_from_db()
    assert row.outcome == "new" and letter.signatures.count() == 3


# --- Long lists, the record


def test_a_page_shows_a_hundred_lines_with_the_same_few_statements(desk, letter):  # noqa: F811
    counts = []
    for n in (20, 250):
        for i in range(1, n + 1, 5):
            for country in ("PT", "ES"):
                known(f"Group {n} {i}", country=country, others=[f"Other {n} {i}"])
        text = "\n".join(f"{i}. Group {n} {i}" for i in range(1, n + 1))
        batch = give(desk, letter, text)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = desk.get(at(batch)).content.decode()
        counts.append(len(asked))
        assert page.count('id="line-') == min(n, 100)
    assert counts[1] <= counts[0] + 1
    assert "1–100 of 250" in page


def test_the_record_names_lists_in_words(desk, letter):  # noqa: F811
    batch = give(desk, letter)
    press(desk, batch)
    page = desk.get(reverse("admin:letters_event_changelist") + f"?subject={batch.ref}").content.decode()
    assert "Form of May" in page and "List imported" in page and "List taken to be imported" in page


def test_lists_are_listed_with_who_when_how_many_and_consent(desk, letter):  # noqa: F811
    batch = give(desk, letter)
    press(desk, batch)
    page = desk.get(
        reverse("admin:signatories_importbatch_changelist") + f"?letter={letter.pk}"
    ).content.decode()
    for words in (
        "Form of May",
        "edda",
        "3 of 5 lines",
        "E-mails of the signatories, 2 Jan 2026",
        "On the letter",
    ):
        assert words in page, words
    assert "1 list is on the letter" in desk.get(at(letter)).content.decode()


@pytest.mark.parametrize("number", ["9" * 5000, "²", "٣", "-1"])
def test_a_number_that_is_none_is_no_error(desk, letter, number):  # noqa: F811
    batch = give(desk, letter)
    page = reverse("admin:signatories_importbatch_change", args=[batch.pk])
    assert desk.get(page, {"edit": number, "page": number}).status_code == 200
    assert desk.get(reverse(ADD), {"letter": number}).status_code == 200
    assert act(desk, line(batch, "Tide Watch"), decision="this", organisation=number).status_code == 302
    assert desk.get(reverse("admin:letters_event_changelist"), {"letter": number}).status_code in (200, 302)


HUGE = "&#9" + "9" * 5000 + ";"


def test_a_character_by_an_endless_number_is_read_as_none(desk, letter):  # noqa: F811
    batch = give(desk, letter, f"1. Alpha Circle, Kenya\n2. {HUGE} Beta Circle, Kenya\n")
    assert outcomes(batch).get("new") or outcomes(batch).get("unsure")
    page = SimpleUploadedFile("a.html", f"<ul><li>Alpha Circle</li><li>Beta{HUGE} Circle</li></ul>".encode())
    answer = desk.post(reverse(ADD), {"letter": letter.pk, "text": "", "source_name": "", "file": page})
    assert answer.status_code == 302


def test_a_match_can_be_refused_and_decided_anew(desk, letter):  # noqa: F811
    factories.organisation("Amberlea Committee for Mediation", acronym="ACM", country="IQ")
    batch = give(desk, letter, "1. Amberlea Comittee for Mediation, Iraq\n2. Harbour Circle, Peru\n")
    row = line(batch, "Amberlea Comittee for Mediation")
    assert row.outcome == "maybe"
    act(desk, row, decision="this", organisation=row.candidate_ids[0])
    row.refresh_from_db()
    assert (row.outcome, row.name, row.acronym) == ("known", "Amberlea Committee for Mediation", "ACM")
    act(desk, row, decision="again")
    row.refresh_from_db()
    assert (row.outcome, row.name) == ("maybe", "Amberlea Comittee for Mediation")
    act(desk, row, decision="new")
    row.refresh_from_db()
    assert row.outcome == "new"
    assert "Decide anew" in desk.get(at(batch)).content.decode()


def test_a_name_within_a_paragraph_comes_back_as_it_was_read(desk, letter):  # noqa: F811
    factories.organisation("Amberlea Committee for Mediation", country="IQ")
    batch = give(
        desk, letter, "Signatories: Alder Clinic; Amberlea Comittee for Mediation; Harbour Friends, Portugal"
    )
    row = line(batch, "Amberlea Comittee for Mediation")
    act(desk, row, decision="this", organisation=row.candidate_ids[0])
    act(desk, row, decision="again")
    row.refresh_from_db()
    assert (row.outcome, row.name) == ("maybe", "Amberlea Comittee for Mediation")


def test_what_is_doubtful_and_what_stands_twice_is_said(desk, letter):  # noqa: F811
    batch = give(
        desk, letter, "Signatories\n1. Tide Watch (TW)\n2. Harbour Circle, Portugal\n3. Tide Watch (TW)\n"
    )
    assert line(batch, "Harbour Circle").outcome == "new"
    assert "as line 2" in desk.get(at(batch)).content.decode()
    batch = give(
        desk, letter, "Signatories: Alder Clinic; Amber Committee for Mediation; Harbour Friends, Portugal"
    )
    assert "unsure" in outcomes(batch)
    assert "begins and ends is not certain" in desk.get(at(batch)).content.decode()
