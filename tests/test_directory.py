"""The directory: what an entry holds, what of it is public, and the pairs that may be one."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from letters.models import Event
from signatories import tasks
from signatories.models import Organisation, PossibleDouble, Signature
from signatories.services import directory, doubles, review
from tests import factories


def picture(name="logo.png", size=(300, 120)):
    out = io.BytesIO()
    Image.new("RGB", size, "#224466").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def full(**fields):
    """An entry with everything, verified."""
    facts = {
        "acronym": "HC",
        "country": "PT",
        "region": "Algarve",
        "kind": "network",
        "website": "https://harbour.example",
        "others": ["Harbour Folk"],
        "former": ["Friends of the Port"],
        "quiet": ["Harbor Cirlce"],
        "translations": {"fr": "Cercle du Port", "ar": "دائرة الميناء"},
        "domains": ["harbour.example"],
    }
    row = factories.organisation("Harbour Circle", **facts | fields)
    row.logo_alt = "A blue circle"
    row.logo.save("0123456789abcdef.png", picture(), save=True)
    return row


def public(row, n=1):
    for _one in range(n):
        factories.accepted(factories.released(), row.name, country=str(row.country))
    return Organisation.objects.get(pk=row.pk)


def logo_of(row):
    return reverse("organisation_logo", args=[row.slug, row.logo.name.rpartition("/")[2]])


BEYOND = ["Algarve", "Network or coalition", "harbour.example", "Harbour Folk", "Friends of the Port", "Cercle du Port",
          "دائرة الميناء", "A blue circle"]  # fmt: skip


# --- The public page


def test_the_page_of_a_verified_organisation_shows_what_is_known(db, client):
    row = public(full())
    page = client.get(row.get_absolute_url()).content.decode()
    for words in ("Harbour Circle", "HC", "Portugal", *BEYOND):
        assert words in page, words
    assert "Harbor Cirlce" not in page
    assert '<bdi lang="ar" dir="rtl">دائرة الميناء</bdi>' in page
    answer = client.get(logo_of(row))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")


def test_of_an_unverified_one_the_words_it_signed_with_alone(db, client):
    row = full(verified=False)
    row = public(row)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Harbour Circle" in page and "Portugal" in page
    for words in BEYOND:
        assert words not in page, words
    assert client.get(logo_of(row)).status_code == 404
    for words in ("Friends", "Cercle", "Folk", "Cirlce"):
        assert "Harbour" not in client.get("/organisations/", {"q": words}).content.decode(), words


@pytest.mark.parametrize("made", [factories.unconfirmed, factories.confirmed, factories.withheld, None])
def test_of_a_hidden_one_nothing_is_there(db, client, made):
    row = full()
    factories.released()
    if made is not None:
        made(factories.released(), row.name, country="PT")
    else:
        factories.accepted(factories.circulating(), row.name, country="PT")
    row.refresh_from_db()
    nowhere = client.get("/organisations/no-such/")
    for address in (row.get_absolute_url(), logo_of(row), "/fr" + row.get_absolute_url()):
        assert client.get(address).status_code == nowhere.status_code == 404
    for words in ("Harbour", "HC", "Friends", "Cercle", "دائرة"):
        assert "harbour" not in client.get("/organisations/", {"q": words}).content.decode().lower().replace(f'value="{words.lower()}"', ""), words  # fmt: skip
    assert "Portugal" not in client.get("/organisations/").content.decode()


def test_the_logo_goes_with_the_last_public_signature(db, client):
    row = public(full())
    assert client.get(logo_of(row)).status_code == 200
    review.withdraw_for(Signature.objects.get(), reason="Asked.", actor=None, at=timezone.now())
    assert client.get(logo_of(row)).status_code == 404


def test_another_name_in_the_logos_address_is_not_there(db, client):
    row = public(full())
    assert client.get(reverse("organisation_logo", args=[row.slug, "other.png"])).status_code == 404


def test_the_page_in_another_language_is_headed_with_that_name(db, client):
    row = public(full())
    page = client.get("/fr" + row.get_absolute_url()).content.decode()
    head, _, rest = page.partition("</h1>")
    assert "Cercle du Port" in head and "Harbour Circle" in rest


# --- The list


@pytest.mark.parametrize(
    ("typed", "found"),
    [("harbour", 1), ("CIRCLE harbour", 1), ("hc", 1), ("friends port", 1), ("دائرة", 1), ("cercle", 1), ("cirlce", 0), ("lantern", 0)],
)  # fmt: skip
def test_search_in_every_name_and_script(db, client, typed, found):
    row = public(full())
    page = client.get("/organisations/", {"q": typed}).content.decode()
    assert (row.get_absolute_url() in page) == bool(found)


def test_by_country_with_the_letters_signed(db, client):
    row = public(full(), 3)
    other = public(factories.organisation("Lantern Guild", country="NO"))
    page = client.get("/organisations/").content.decode()
    assert "Portugal" in page and "Norway" in page
    assert "3 letters" in page and "one letter" in page
    page = client.get("/organisations/?country=NO").content.decode()
    assert other.get_absolute_url() in page and row.get_absolute_url() not in page
    assert client.get("/organisations/?country=XX&page=zz").status_code == 200
    assert (
        "No organisation that signed here fits" in client.get("/organisations/?country=FR").content.decode()
    )


def test_an_empty_directory_says_so(db, client):
    assert "has signed a letter here yet" in client.get("/organisations/").content.decode()


def test_statements_do_not_grow_with_the_rows(db, client, settings, django_assert_max_num_queries):
    settings.PAGE_CACHE_SECONDS = 0
    row = public(full())
    client.get("/organisations/")
    counted = []
    for more in range(2):
        for number in range(6 * more):
            public(factories.organisation(f"Guild {number}", country="NO"))
            factories.accepted(factories.released(), row.name, country="PT")
        for address in ("/organisations/", "/organisations/?q=i&country=PT", row.get_absolute_url()):
            with django_assert_max_num_queries(8) as seen:
                assert client.get(address).status_code == 200
            counted.append(len(seen.captured_queries))
    assert counted[:3] == counted[3:], counted


# --- Entries


def test_former_and_quiet_names_are_recognised_and_kept(db):
    row = full()
    for called in ("Friends of the Port", "Harbor Cirlce", "Harbour Folk", "دائرة الميناء"):
        assert directory.find(called) == row
    row.region = "Lisbon"
    directory.save_organisation(row, others=["Harbour Folk"], domains=[], actor=None, at=timezone.now())
    assert directory.find("Harbor Cirlce") == directory.find("Friends of the Port") == row
    assert not row.domains.exists()
    event = Event.objects.filter(kind="organisation.changed").latest("id")
    assert (event.before["region"], event.after["region"]) == ("Algarve", "Lisbon")
    assert event.after["former_names"] == ["Friends of the Port"]


def test_saving_an_old_copy_changes_no_address(db):
    row = full()
    stale = Organisation.objects.get(pk=row.pk)
    public(row)
    directory.save_organisation(stale, others=[], domains=[], actor=None, at=timezone.now())
    assert Organisation.objects.get(pk=row.pk).slug == "harbour-circle"


def test_the_desk_takes_a_logo_and_writes_it_anew(db, admin_client):
    form = {"name": "Harbour Circle", "acronym": "", "country": "PT", "region": "Algarve", "kind": "ngo", "website": "",
            "logo": picture(size=(2600, 900)), "logo_alt": "", "note": "", "other_names": "", "former_names": "Old Port",
            "quiet_names": "Harbor", "names_by_language": "", "domains": ""}  # fmt: skip
    add = reverse("admin:signatories_organisation_add")
    answer = admin_client.post(add, form)
    assert "Say in words what the logo shows" in answer.content.decode()
    admin_client.post(add, form | {"logo": picture(size=(2600, 900)), "logo_alt": "A blue field"})
    row = Organisation.objects.get()
    assert (row.logo_width, row.kind, row.region) == (2000, "ngo", "Algarve")
    assert set(row.names.values_list("kind", "name")) >= {("former", "Old Port"), ("quiet", "Harbor")}
    assert admin_client.get(reverse("admin:signatories_organisation_logo", args=[row.pk])).status_code == 200
    page = admin_client.get(reverse("admin:signatories_organisation_change", args=[row.pk])).content.decode()
    assert "Old Port" in page
    change = reverse("admin:signatories_organisation_change", args=[row.pk])
    bad = SimpleUploadedFile("logo.svg", b"<svg onload='x'/>", "image/svg+xml")
    assert (
        "not a plain picture"
        in admin_client.post(change, form | {"logo": bad, "logo_alt": "x"}).content.decode()
    )
    form.pop("logo")
    admin_client.post(change, form | {"logo-clear": "on", "logo_alt": "A blue field"})
    row.refresh_from_db()
    assert not row.logo and row.logo_alt == ""


# --- Possible doubles


def found_now():
    while doubles.find_doubles(at=timezone.now()):
        pass
    return list(PossibleDouble.objects.open())


def test_doubles_are_found_once(db):
    one = factories.organisation("Harbour Circle", country="PT")
    two = factories.organisation("The Harbour Circle", country="ES")
    factories.organisation("Lantern Guild")
    (pair,) = found_now()
    assert (pair.first, pair.second, pair.why) == (one, two, "country")
    assert doubles.find_doubles(at=timezone.now()) == 0
    Organisation.objects.update(compared_at=None)  # killed midway, or run again
    assert found_now() == [pair]


def test_a_pair_that_was_told_apart_does_not_come_up_again(db, admin_client):
    factories.organisation("Harbour Circle", country="PT")
    two = factories.organisation("Harbour Circle", country="ES")
    (pair,) = found_now()
    listed = reverse("admin:signatories_possibledouble_changelist")
    page = admin_client.get(listed).content.decode()
    assert "a like name, in another country" in page
    step = reverse("admin:signatories_possibledouble_step", args=[pair.pk, "apart"])
    assert f'formaction="{step}"' in page
    assert (
        admin_client.get(reverse("admin:signatories_possibledouble_change", args=[pair.pk])).status_code
        == 200
    )
    answer = admin_client.post(step)
    assert answer["Location"] == listed
    two.region = "Galicia"
    directory.save_organisation(two, others=[], domains=[], actor=None, at=timezone.now())
    assert found_now() == []
    assert PossibleDouble.objects.get().dismissed_by is not None
    assert Event.objects.filter(kind="organisation.told_apart").count() == 2
    admin_client.post(reverse("admin:signatories_possibledouble_step", args=[pair.pk, "again"]))
    assert found_now() == [pair]


def test_a_pair_goes_when_what_made_it_alike_was_put_right(db):
    factories.organisation("Harbour Circle", country="PT")
    two = factories.organisation("Harbour Circle", country="ES")
    assert found_now()
    two.name = "Lantern Guild"
    directory.save_organisation(two, others=[], domains=[], actor=None, at=timezone.now())
    assert found_now() == []


def test_attempts_that_nobody_confirmed_make_no_pairs(db):
    factories.organisation("Harbour Circle", country="PT")
    attempt = factories.unconfirmed(factories.released(), "Harbour Circle", country="ES")
    assert attempt.organisation.name == "Harbour Circle"
    assert found_now() == []
    factories.confirmed(factories.released(), "Harbour Circle", country="ES")
    assert len(found_now()) == 1


def test_unused_entries_go_with_their_pairs(db, now):
    factories.organisation("Harbour Circle", country="PT")
    row = factories.confirmed(factories.released(), "Harbour Circle", country="ES")
    assert found_now()
    Signature.objects.filter(pk=row.pk).update(state="expired")
    Organisation.objects.update(created_at=now - timezone.timedelta(days=9))
    assert tasks.forget_unused(at=now) == 1
    assert not PossibleDouble.objects.exists()


# --- Merging at the desk


def test_the_desk_shows_what_merging_does_and_does_it(db, admin_client):
    one = public(full())
    two = public(factories.organisation("Circle of the Harbour", country="PT", domains=["circle.example"]))
    url = reverse("admin:signatories_organisation_merge", args=[one.pk])
    page = admin_client.get(url, {"q": "circle"}).content.decode()
    assert f"?with={two.pk}" in page and f"?with={one.pk}" not in page
    page = admin_client.get(url, {"with": two.pk}).content.decode()
    assert "Circle of the Harbour" in page and "circle.example" in page and "1 signature moves" in page
    assert "/organisations/circle-of-the-harbour/ leads to /organisations/harbour-circle/" in page
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    data = {"with": two.pk, "keep": one.pk, "seen": seen}
    assert admin_client.post(url, data | {"seen": "old"})["Location"].endswith(f"with={two.pk}&keep={one.pk}")
    assert Organisation.objects.count() == 2
    answer = admin_client.post(url, data)
    assert answer["Location"] == reverse("admin:signatories_organisation_change", args=[one.pk])
    assert list(Organisation.objects.all()) == [one]
    listed = admin_client.get(reverse("admin:signatories_merge_changelist")).content.decode()
    assert "Circle of the Harbour" in listed
    merge = one.merges.get()
    step = reverse("admin:signatories_merge_step", args=[merge.pk, "take-back"])
    assert "returns to the directory" in admin_client.get(step).content.decode()
    factories.press(admin_client, step)
    assert Organisation.objects.count() == 2


def test_either_may_stay(db, admin_client):
    one, two = full(), factories.organisation("Circle of the Harbour")
    url = reverse("admin:signatories_organisation_merge", args=[one.pk])
    page = admin_client.get(url, {"with": two.pk, "keep": two.pk}).content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    admin_client.post(url, {"with": two.pk, "keep": two.pk, "seen": seen})
    row = Organisation.objects.get()
    assert (row.pk, row.logo_alt, row.acronym, row.logo_width) == (two.pk, "A blue circle", "HC", 300)
    assert admin_client.get(url).status_code in (302, 404)


def test_who_may_not_change_the_directory_may_not_merge(db, client, django_user_model):
    one, two = full(), factories.organisation("Circle of the Harbour")
    user = django_user_model.objects.create_user("reads", password="x", is_staff=True)
    client.force_login(user)
    url = reverse("admin:signatories_organisation_merge", args=[one.pk])
    assert client.get(url).status_code == client.post(url, {"with": two.pk}).status_code == 403
    for name in ("possibledouble", "merge"):
        assert client.get(reverse(f"admin:signatories_{name}_changelist")).status_code == 403
