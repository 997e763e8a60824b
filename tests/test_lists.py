"""The public list: pages, data, order, cost."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import signals
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from letters.models import Group, Letter
from letters.pagecache import shelf
from signatories import export
from signatories.models import Signature
from signatories.services import lists, review
from signatories.services.trials import fill_letter
from signatories.views.lists import begun
from tests import factories
from tests.test_amendments import amended


def test_csv_and_json_hold_the_whole_public_list(letter, client):
    factories.accepted(letter, "Tide Watch", acronym="TW", country="PT")
    factories.accepted(letter, "مركز المنارة", country="TN")
    factories.withheld(letter, "Hidden")
    text = b"".join(client.get(f"/letters/{letter.slug}/signatories.csv").streaming_content).decode(
        "utf-8-sig"
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(r["position"], r["name"], r["acronym"], r["country"]) for r in rows] == [
        ("1", "Tide Watch", "TW", "PT"),
        ("2", "مركز المنارة", "", "TN"),
    ]
    found = json.loads(b"".join(client.get(f"/letters/{letter.slug}/signatories.json").streaming_content))
    assert (found["signature_count"], found["withheld_count"]) == (3, 1)
    first = found["signatories"][0]
    assert first["organisation"] == "tide-watch"
    assert first["signed_on"] == letter.opens_at.date().isoformat()
    assert set(first) >= {
        "position",
        "name",
        "acronym",
        "country",
        "kind",
        "organisation",
        "signed_on",
        "text_version",
    }


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "==1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        "'=1",
        '"=1"',
        " =1",
        "|calc",
        "%x",
        "\n=1",
    ],
)
def test_no_cell_can_run_as_a_formula(name):
    """Whichever column holds the words."""
    line = "".join(export.as_csv([dict.fromkeys(export.COLUMNS, name) | {"position": 1}]))
    first, *cells = list(csv.reader(io.StringIO(line, newline="")))[1]
    assert first == "1" and len(cells) == len(export.COLUMNS) - 1
    for cell in cells:
        assert not cell.startswith(
            ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%", " ")
        )
        assert export.unguard(cell) == name


def test_a_table_begins_with_the_mark_by_which_spreadsheets_know_utf_8(letter, client):
    content = b"".join(client.get(f"/letters/{letter.slug}/signatories.csv").streaming_content)
    assert content.startswith(b"\xef\xbb\xbfposition,name,")


def test_the_day_of_signing_is_that_of_the_letters_zone(db, now):
    at = now.replace(hour=20) - timedelta(days=1)
    letter = factories.released(at=at, time_zone="Pacific/Kiritimati")
    factories.accepted(letter, "Tide Watch", at=at)
    assert [row["signed_on"] for row in export.rows(letter)] == [(at.date() + timedelta(days=1)).isoformat()]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_data_that_is_known_is_sent_again_only_when_the_list_changed(letter, client, form):
    address = f"/letters/{letter.slug}/signatories.{form}"
    known = {"If-None-Match": client.get(address).headers["ETag"]}
    assert client.get(address, headers=known).status_code == 304
    factories.accepted(letter, "Tide Watch")
    assert client.get(address, headers=known).status_code == 200


def test_a_list_of_any_length_is_given_out_in_portions(letter, now):
    fill_letter(letter, 2400, at=now)
    read = []

    def note(**_more):
        read.append(1)

    signals.post_init.connect(note, sender=Signature)
    try:
        found = export.rows(Letter.objects.get(pk=letter.pk))
        next(found)
        first = len(read)
        assert first <= 2000 and len(list(found)) == 2399
    finally:
        signals.post_init.disconnect(note, sender=Signature)


@given(st.text(min_size=1, max_size=30))
def test_every_name_reads_back_exactly(name):
    assert export.unguard(export.guard(name)) == name


def test_the_order_is_conveners_then_the_alphabet_of_every_script(letter, now):
    for name in (
        "Ženski centar",
        "ärzte ohne Hafen",
        "Zeta",
        "The Anchor",
        "Ελπίδα",
        "Объединение",
        "İzmir Hattı",
    ):
        factories.accepted(letter, name)
    zeta = letter.signatures.get(name="Zeta")
    review.arrange(zeta, actor=None, at=now, convener=True)
    names = [s.name for s in letter.signatures.listed().in_order(letter.order)]
    assert names[0] == "Zeta"
    assert names[1:] == [
        "The Anchor",
        "ärzte ohne Hafen",
        "İzmir Hattı",
        "Ženski centar",
        "Ελπίδα",
        "Объединение",
    ]
    assert next(s.name for s in letter.signatures.listed().in_order("time")) == "Zeta"


def test_own_headings_stand_where_the_editor_puts_them(letter, now, client):
    group = Group.objects.create(letter=letter, kind="own", heading="Ports of the north", position=100)
    factories.accepted(letter, "Aaa")
    north = factories.accepted(letter, "Zzz")
    review.arrange(north, actor=None, at=now, group=group, note="on behalf of 12 ports")
    page = client.get(letter.get_absolute_url()).content.decode()
    assert page.index("Ports of the north") < page.index("Zzz") < page.index("Aaa")
    assert "on behalf of 12 ports" in page
    Group.objects.filter(pk=group.pk).update(position=600)
    lists.rearrange(letter, at=now)
    shelf.clear()
    page = client.get(letter.get_absolute_url()).content.decode()
    assert page.index("Aaa") < page.index("Zzz")


def test_search_country_and_paging(letter, client, settings):
    settings.SIGNATORIES_PER_PAGE = 10
    for n in range(12):
        factories.accepted(letter, f"Group {n:02}", country="PT")
    factories.accepted(letter, "Føroya Ælv", acronym="FÆ", country="DK")
    base = f"/letters/{letter.slug}/signatories/"

    def names(query):
        page = client.get(base + query).content.decode()
        return [n for n in [f"Group {n:02}" for n in range(12)] + ["Føroya Ælv"] if n in page]

    assert len(names("")) == 10
    assert len(names("?page=2")) == 3
    assert names("?country=DK") == ["Føroya Ælv"]
    assert names("?q=group+03") == ["Group 03"]
    assert names("?q=FØROYA") == ["Føroya Ælv"]
    assert names("?q=nothing-like-it") == []
    assert len(names("?page=999")) == 3
    assert len(names("?page=x&country=zz&q=%00")) == 10


def cost(client, address):
    shelf.clear()
    with CaptureQueriesContext(connection) as caught:
        response = client.get(address)
        size = len(b"".join(response.streaming_content) if response.streaming else response.content)
    assert response.status_code == 200
    return len(caught), size


PAGES = [
    "/",
    "/letters/{}/",
    "/letters/{}/signatories/",
    "/letters/{}/signatories.json",
    "/letters/{}/signatories.csv",
    "/letters/{}/state.json",
    "/letters/{}/sign/",
    "/organisations/",
    "/sitemap.xml",
    "/organisations/suggest/?q=group",
]


@pytest.mark.parametrize("address", PAGES)
def test_queries_do_not_grow_with_the_rows(letter, client, address):
    factories.accepted(letter, "Group A")
    one, _size = cost(client, address.format(letter.slug))
    for n in range(8):
        factories.accepted(letter, f"Group {n}", country="KE")
        factories.released(title=f"Another {n}")
    many, _size = cost(client, address.format(letter.slug))
    assert many <= one, (one, many)
    assert one <= 14, one


def test_the_letter_page_does_not_grow_beyond_what_it_shows(letter, client, settings, now):
    settings.SIGNATORIES_SHOWN = 50
    fill_letter(letter, 60, at=now)
    queries, size = cost(client, letter.get_absolute_url())
    fill_letter(letter, 600, at=now)
    more_queries, more_size = cost(client, letter.get_absolute_url())
    assert more_queries == queries
    assert abs(more_size - size) < size * 0.1
    page = client.get(letter.get_absolute_url()).content.decode()
    assert f"/letters/{letter.slug}/signatories/" in page
    assert Letter.objects.get().listed_count == 660


def test_the_list_is_read_from_one_index(letter, now):
    fill_letter(letter, 3000, at=now)
    query = letter.signatures.listed().in_order(letter.order)[:100]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert "signature_by_name" in query.explain()


def test_the_fragment_and_the_state_tell_of_what_is_new(letter, client):
    before = client.get(f"/letters/{letter.slug}/state.json").json()
    factories.accepted(letter, "Tide Watch")
    after = client.get(f"/letters/{letter.slug}/state.json").json()
    assert after["revision"] > before["revision"]
    assert after["signature_count"] == before["signature_count"] + 1
    fragment = client.get(f"/letters/{letter.slug}/signatories/list/").content.decode()
    assert "Tide Watch" in fragment and "<html" not in fragment


def test_a_process_keeps_a_page_for_a_moment_and_no_longer(letter, client, settings, monkeypatch):
    settings.PAGE_CACHE_SECONDS = 1
    clock = [100.0]
    monkeypatch.setattr("letters.pagecache.time.monotonic", lambda: clock[0])
    client.get(letter.get_absolute_url())
    factories.accepted(letter, "Tide Watch")
    with CaptureQueriesContext(connection) as caught:
        kept = client.get(letter.get_absolute_url())
    assert len(caught) == 0
    assert "Tide Watch" not in kept.content.decode()
    clock[0] += 1.1
    assert "Tide Watch" in client.get(letter.get_absolute_url()).content.decode()


def test_a_kept_page_is_bounded(settings):
    for n in range(400):
        shelf.put(("host", f"/{n}"), (1e12, 200, (), b"x" * 1024 * 1024))
    assert shelf.size <= 64 * 1024 * 1024
    shelf.clear()


def test_letters_are_found(client, now, db):
    factories.released(at=now, title="Mend the northern pier")
    old = factories.released(at=now, title="Open the harbour archive", date=now.date().replace(year=2019))
    page = client.get("/?q=archive").content.decode()
    assert "harbour archive" in page and "northern pier" not in page
    assert "harbour archive" in client.get("/?year=2019").content.decode()
    assert "northern pier" not in client.get("/?year=2019").content.decode()
    assert client.get("/?year=abcd&topic=x&status=zz&page=-3").status_code == 200
    assert old.get_absolute_url() in client.get("/sitemap.xml").content.decode()


def test_a_page_just_out_of_date_is_drawn_by_one_visitor(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr("letters.pagecache.time.monotonic", lambda: clock[0])
    shelf.put(("host", "/"), (101.0, 200, (), b"old"))
    assert shelf.get(("host", "/"))[3] == b"old"
    clock[0] = 101.5
    assert shelf.get(("host", "/")) is None  # this one draws it
    assert shelf.get(("host", "/"))[3] == b"old"  # the others need not wait
    shelf.put(("host", "/"), (102.5, 200, (), b"new"))
    assert shelf.get(("host", "/"))[3] == b"new"
    clock[0] = 110.0
    assert shelf.get(("host", "/")) is None
    assert shelf.get(("host", "/")) is None  # nobody gets what is long out of date
    shelf.put(("host", "/"), (111.0, 200, (), b"third"))
    shelf.forget(("host", "/"))
    assert shelf.get(("host", "/")) is None
    shelf.clear()


def test_counts_and_list_are_of_one_moment_in_the_data(letter, now):
    factories.accepted(letter, "Tide Watch")
    read = Letter.objects.get(pk=letter.pk)
    amended(letter, now)
    found, rows = begun(read)
    assert (found.signature_count, list(rows)) == (0, [])
    assert found.current_version.number == 2


def test_a_page_whose_letter_is_amended_while_it_is_drawn_is_drawn_again(letter, client, now):
    factories.accepted(letter, "Tide Watch")
    begun_at = []

    def meanwhile(execute, sql, params, many, context):
        if not begun_at and "signatories_signature" in sql:
            begun_at.append(sql)
            amended(letter, now, title="Keep every ferry")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        page = client.get(letter.get_absolute_url()).content.decode()
    assert begun_at and "Keep every ferry" in page
    assert "1 signatory of an earlier text" in page and "Tide Watch" in page
