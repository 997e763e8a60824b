"""What a stranger may see: one walk over every public address, looking for words that must not be there."""

import logging
import re
import time
from datetime import timedelta

import pytest
from django.urls import get_resolver

from letters.logs import redact
from letters.models import Letter
from letters.services import life
from signatories.services import by_link, review
from tests import factories
from tests.reading import words_of

# Words that stand in what is embargoed, unconfirmed, waiting, refused, withdrawn or withheld, and in personal data.
EMBARGO = ["Zanzibarite", "Embargina", "embargo-lines", "Quellmoor"]
SECRETS = {
    "unconfirmed": "Unprovenia League",
    "waiting": "Waitaria Forum",
    "refused": "Refusalia Trust",
    "withdrawn": "Withdrawnia Union",
    "withheld": "Withholdia Circle",
    "proposed": "Proposalia Bund",
}
PERSONAL = ["Perpetua Privatissima", "privatissima@", "Chief Secret Keeper", "orla.venn@ministry.example"]


@pytest.fixture
def world(db, now):
    """One public letter with a listed signature and one of each hidden kind; four letters nobody may know of."""
    person = {"representative_name": PERSONAL[0], "representative_role": PERSONAL[2]}
    letter = factories.released(at=now, closes_at=now + timedelta(days=7), title="Keep the ferries running")

    def sign(made, name, n):
        return made(letter, name, email=f"privatissima@{n}.example", website=f"https://{n}.example", **person)

    listed = sign(factories.accepted, "Listed Harbour Group", "listed")
    sign(factories.unconfirmed, SECRETS["unconfirmed"], "unconfirmed")
    sign(factories.confirmed, SECRETS["waiting"], "waiting")
    refused = sign(factories.confirmed, SECRETS["refused"], "refused")
    review.refuse(refused, reason="Not of the coast, says Refusalia.", actor=None, at=now)
    withdrawn = sign(factories.accepted, SECRETS["withdrawn"], "withdrawn")
    by_link.withdraw(withdrawn.keys.filter(purpose="manage").latest("id"), at=now)
    factories.accepted(
        letter, SECRETS["withheld"], visibility="withheld", email="privatissima@withheld.example", **person
    )
    by_link.propose_correction(
        listed.keys.filter(purpose="manage").latest("id"), name=SECRETS["proposed"], acronym="", at=now
    )

    hidden = {
        "title": "Save the Zanzibarite lines",
        "slug": "embargo-lines",
        "body": "<p>Embargina is near Quellmoor.</p>",
    }
    draft = factories.letter(at=now, **hidden)
    circulating = factories.circulating(at=now, **hidden | {"slug": "embargo-lines-2"})
    factories.accepted(circulating, "Embargina Union")
    scheduled = factories.letter(at=now, **hidden | {"slug": "embargo-lines-3"})
    life.release(scheduled, actor=None, at=now, release_at=now + timedelta(days=1))
    gone = factories.circulating(at=now, **hidden | {"slug": "embargo-lines-4"})
    life.withdraw(gone, reason="Quellmoor asked.", actor=None, at=now)
    return {"letter": letter, "hidden": [draft, circulating, scheduled, gone], "listed": listed}


def addresses(slug, organisation="listed-harbour-group"):
    """Every public address, by the name of its view. A new address has to be added here."""
    return {
        "letters": [
            "/",
            "/?q=Zanzibarite",
            "/?q=Quellmoor",
            "/?status=open",
            "/?status=closed",
            "/?status=withdrawn",
            "/?year=2026",
            "/?page=2",
        ],
        "letter": [f"/letters/{slug}/"],
        "letter_in": [f"/letters/{slug}/in/en/", f"/letters/{slug}/in/de/", f"/letters/{slug}/in/xx/"],
        "version_text": [f"/letters/{slug}/versions/1/text.txt", f"/letters/{slug}/versions/2/text.txt"],
        "versions": [f"/letters/{slug}/versions/"],
        "earlier_signatories": [f"/letters/{slug}/signatories/versions/1/"],
        "delivery": [f"/letters/{slug}/deliveries/1/"],
        "delivery_file": [
            f"/letters/{slug}/deliveries/1/{name}"
            for name in (
                "letter-en.pdf",
                "letter-en.docx",
                "letter-en.txt",
                "signatories.csv",
                "signatories.json",
            )
        ],
        "response_file": [f"/letters/{slug}/responses/1/{'0' * 40}.pdf"],
        "picture": [f"/letters/{slug}/picture/x.jpg"],
        **{f"letter_{form}": [f"/letters/{slug}/letter.{form}"] for form in ("pdf", "docx", "txt")},
        **{f"letter_in_{form}": [f"/letters/{slug}/in/en/letter.{form}"] for form in ("pdf", "docx", "txt")},
        "sign": [f"/letters/{slug}/sign/", f"/letters/{slug}/sign/?as=individual"],
        "received": [f"/letters/{slug}/sign/received/"],
        "signatories": [
            f"/letters/{slug}/signatories/",
            f"/letters/{slug}/signatories/?q=ia",
            f"/letters/{slug}/signatories/?country=PT",
        ],
        "list_fragment": [f"/letters/{slug}/signatories/list/"],
        "signatories_csv": [f"/letters/{slug}/signatories.csv"],
        "signatories_json": [f"/letters/{slug}/signatories.json"],
        "state": [f"/letters/{slug}/state.json"],
        "circulation": ["/circulation/no-such-key/"],
        "circulation_text": ["/circulation/no-such-key/text.txt"],
        "circulation_versions": ["/circulation/no-such-key/versions/"],
        "circulation_version_text": ["/circulation/no-such-key/versions/1/text.txt"],
        "circulation_picture": ["/circulation/no-such-key/picture"],
        "circulation_sign": ["/circulation/no-such-key/sign/"],
        "circulation_received": ["/circulation/no-such-key/sign/received/"],
        "invitation": ["/invitations/no-such-key/"],
        "invitation_text": ["/invitations/no-such-key/text.txt"],
        "invitation_versions": ["/invitations/no-such-key/versions/"],
        "invitation_version_text": ["/invitations/no-such-key/versions/1/text.txt"],
        "invitation_picture": ["/invitations/no-such-key/picture"],
        "invitation_sign": ["/invitations/no-such-key/sign/"],
        "invitation_received": ["/invitations/no-such-key/sign/received/"],
        "invitation_decline": ["/invitations/no-such-key/decline/"],
        "invitation_stop": ["/invitations/no-such-key/stop/"],
        "confirm": ["/signatures/no-such-key/confirm/"],
        "reaffirm": ["/signatures/no-such-key/reaffirm/"],
        "signature": ["/signatures/no-such-key/"],
        "signature_data": ["/signatures/no-such-key/data.json"],
        "stop_news": ["/signatures/no-such-key/stop/"],
        "digest_stop": ["/digests/no-such-key/stop/"],
        "verify_form": ["/verify/", "/verify/?code=", "/verify/?code=0000-0000-0000"],
        "verify": ["/verify/000000000000/"],
        "organisations": ["/organisations/", "/organisations/?q=ia", "/organisations/?q=Withholdia"],
        "suggest": [
            "/organisations/suggest/?q=Withholdia",
            "/organisations/suggest/?q=ia",
            "/organisations/suggest/?q=Embargina",
        ],
        "organisation": [f"/organisations/{organisation}/"]
        + [
            f"/organisations/{name.lower().replace(' ', '-')}/"
            for name in [*SECRETS.values(), "Embargina Union"]
        ],
        "organisation_logo": [f"/organisations/{organisation}/logo/{'0' * 40}.png"],
        "privacy": ["/privacy/"],
        "theme": ["/theme.css"],
        "robots": ["/robots.txt"],
        "sitemap": ["/sitemap.xml"],
        "security": ["/.well-known/security.txt"],
        "healthz": ["/healthz"],
        "readyz": ["/readyz"],
        "bounce_hook": ["/hooks/bounces/"],
        "mail_list": ["/mail/"],
        "mail_page": ["/mail/no-such-mail/"],
        "bounce_hook_mime": ["/hooks/bounces/mime"],
    }


def bytes_of(response):
    """Everything that leaves: head and body, and the words that a document holds."""
    head = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    body = b"".join(response.streaming_content) if response.streaming else response.content
    form = re.search(r'filename="[^"]+\.(pdf|docx)"', head)
    if form:
        return head + "\n\n" + words_of(body, form[1])
    return head + "\n\n" + body.decode("utf-8", "replace")


def words_in(text, query=""):
    """The forbidden words in an answer; what the visitor typed into the query may be repeated."""
    forbidden = [*EMBARGO, *SECRETS.values(), *PERSONAL]
    return [word for word in forbidden if word.lower() in text.lower() and word.lower() not in query.lower()]


def test_every_address_is_walked():
    named = {
        pattern.name
        for resolver in get_resolver().url_patterns
        for pattern in getattr(resolver, "url_patterns", [resolver])
        if getattr(pattern, "name", None) and not str(getattr(resolver, "app_name", "")).startswith("admin")
    }
    assert named == set(addresses("x")), "a public address is not in the walk"


def test_no_public_answer_holds_a_hidden_word(world, client, caplog):
    caplog.set_level(logging.DEBUG)
    walked = 0
    for slug in [world["letter"].slug, "no-such-letter"]:
        for listed in addresses(slug).values():
            for address in listed:
                text = bytes_of(client.get(address))
                query = address.partition("?")[2]
                assert words_in(text, query) == [], address
                walked += 1
    assert walked > 60
    shown = bytes_of(client.get(world["letter"].get_absolute_url()))
    assert "Listed Harbour Group" in shown
    assert "one organisation whose name is withheld" in shown  # the withheld one, in a sentence


def test_an_embargoed_letter_does_not_exist(world, client):
    for letter in world["hidden"]:
        for name, listed in addresses(letter.slug).items():
            if letter.slug not in listed[0]:
                continue
            there, nowhere = (
                client.get(listed[0]),
                client.get(listed[0].replace(letter.slug, "no-such-letter")),
            )
            assert there.status_code == nowhere.status_code == 404, listed[0]
            assert bytes_of(there).replace(letter.slug, "") == bytes_of(nowhere).replace(
                "no-such-letter", ""
            ), listed[0]
            assert "no-store" in there["Cache-Control"], name
        assert client.post(f"/letters/{letter.slug}/sign/", {"organisation": "X"}).status_code == 404


def test_only_the_link_opens_a_circulating_letter(world, client):
    letter = world["hidden"][1]
    path = life.circulation_url(letter).partition("//")[2].partition("/")[2]
    response = client.get(f"/{path}")
    text = bytes_of(response)
    assert response.status_code == 200
    assert "Zanzibarite" in text
    assert "Embargina Union" not in text  # who signed so far is not shown
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert "noindex" in text.partition("\n\n")[2]
    assert client.get(f"/{path}text.txt").status_code == 200
    life.remake_link(letter, actor=None, at=letter.opens_at)
    assert client.get(f"/{path}").status_code == 404
    letter.refresh_from_db()
    again = life.circulation_url(letter).partition("//")[2].partition("/")[2]
    assert client.get(f"/{again}").status_code == 200
    life.revoke_link(letter, actor=None, at=letter.opens_at)
    assert client.get(f"/{again}").status_code == 404


def test_a_scheduled_letter_appears_by_the_clock(world, client, monkeypatch):
    letter = Letter.objects.get(pk=world["hidden"][2].pk)
    assert client.get(f"/letters/{letter.slug}/").status_code == 404
    monkeypatch.setattr("letters.public.timezone.now", lambda: letter.release_at + timedelta(hours=48))
    assert client.get(f"/letters/{letter.slug}/").status_code == 200


def test_a_withdrawn_letter_tells_why_and_nothing_else(world, client):
    letter = world["letter"]
    life.withdraw(letter, reason="A figure was wrong.", actor=None, at=letter.opens_at)
    for name, listed in addresses(letter.slug).items():
        if letter.slug in listed[0] and name != "received":
            response = client.get(listed[0])
            assert response.status_code == 410, listed[0]
            assert "A figure was wrong." in bytes_of(response)
            assert "Listed Harbour Group" not in bytes_of(response)
    assert "Listed Harbour Group" not in bytes_of(client.get("/organisations/"))


def test_public_pages_have_no_cookie_and_may_be_kept(world, client):
    for listed in addresses(world["letter"].slug).values():
        for address in listed:
            response = client.get(address)
            assert not response.cookies, address
            assert "Cookie" not in response.get("Vary", ""), address
            assert "Accept-Language" not in response.get("Vary", ""), address
            policy = response.get("Content-Security-Policy", "")
            assert "unsafe-inline" not in policy and "default-src 'none'" in policy, address
            behind = ("/sign/", "/circulation/", "/invitations/", "/signatures/", "/digests/")
            keyed = any(part in address for part in behind)
            if keyed or response.status_code != 200:
                assert "no-store" in response["Cache-Control"], address
            elif address not in ("/healthz", "/readyz"):
                assert "public" in response["Cache-Control"], address


def test_a_page_known_already_is_not_sent_again(world, client):
    for address in (
        "/",
        world["letter"].get_absolute_url(),
        f"/letters/{world['letter'].slug}/signatories.csv",
    ):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304, address
        assert again.content == b""


def test_no_page_asks_anybody_else_for_anything(world, client):
    for listed in addresses(world["letter"].slug).values():
        for address in listed:
            response = client.get(address)
            if not response.get("Content-Type", "").startswith("text/html"):
                continue
            page = response.content.decode()
            fetched = re.findall(r'<(?:script|img|iframe|source|video|audio)[^>]+src="([^"]+)"', page)
            fetched += re.findall(
                r'<link[^>]+rel="(?:stylesheet|icon|preload|apple-touch-icon)"[^>]+href="([^"]+)"', page
            )
            assert all(url.startswith("/") and not url.startswith("//") for url in fetched), address
            assert not re.search(r"<script(?![^>]*(src=|application/(ld\+)?json))", page), address
            assert not re.search(r"\son\w+=|\sstyle=", page), address


def test_keys_are_not_logged():
    assert redact("GET /signatures/AbC-123_x/confirm/ 404") == "GET /signatures/***/confirm/ 404"
    assert redact("POST /fr/digests/AbC-123_x/stop/") == "POST /fr/digests/***/stop/"
    assert redact("Not Found: /circulation/AbC-123_x/") == "Not Found: /circulation/***/"
    key = "AbC-123_xAbC-123_xAbC-123_xAbC-1"
    for path in (f"/CIRCULATION/{key}/", f"//circulation//{key}/", f"/verify/{key}/", f"/other/{key}/x"):
        assert key not in redact(f"Not Found: {path}")


def test_hostile_words_cost_the_log_little():
    begun = time.process_time()
    redact("a" * 300_000)
    redact("a@" * 100_000)
    assert time.process_time() - begun < 5


def test_what_is_not_there_is_our_own_page_also_while_debugging(world, client, settings):
    settings.DEBUG = True
    response = client.get("/letters/embargo-lines/")
    assert response.status_code == 404
    assert "urlconf" not in response.content.decode().lower()
    assert "no-store" in response["Cache-Control"]
