"""What the browser's tests share: a site with something on every page, and a watch over what a page asks for."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from letters.models import Letter, RelatedLink, Topic
from letters.services import life, revising, writing
from signatories.services import amending, review
from tests import factories

ARABIC = "<p>نكتب إليكم باسم منظمات الساحل، ونطلب الإبقاء على العبّارات الليلية.</p><ul><li>في الشتاء</li><li>وفي الليل</li></ul><blockquote><p>لا طريق آخر إلى المشفى.</p></blockquote>"


@pytest.fixture
def site(transactional_db, live_server, settings):
    """A public letter with signatories of every kind, an Arabic one, one in circulation, one withdrawn."""
    settings.SITE_URL = live_server.url
    now = timezone.now()
    letter = factories.released(
        at=now, closes_at=now + timedelta(days=7), accepts="both", contact_email="desk@letters.example"
    )
    letter.topics.add(Topic.objects.create(name="Transport", slug="transport"))
    RelatedLink.objects.create(letter=letter, label="Our analysis", url="https://example.org/analysis")
    writing.write_text(
        letter,
        language="en",
        words={"standfirst": "<p>The ministry decides on Friday.</p>"},
        actor=None,
        at=now,
    )
    convener = factories.accepted(letter, "Harbour Assembly", acronym="HA")
    review.arrange(convener, actor=None, at=now, convener=True)
    long_name = "Observatory for the Protection of River and Shoreline Communities in the Greater Delta Region and its Islands"
    for name in ("مركز المنارة", "Объединение «Берег»", long_name, "Ženski centar Obala"):
        factories.accepted(letter, name)
    factories.accepted(letter, "Ilse Marrow", kind="individual", affiliation="Ferry pilot")
    factories.withheld(letter, "Hidden Circle")
    arabic = factories.released(
        at=now, title="أبقوا العبّارات الليلية", language="ar", body=ARABIC, slug="arabic"
    )
    circulating = factories.circulating(at=now, title="Not yet public", closes_at=now + timedelta(days=2))
    withdrawn = factories.released(at=now, title="A letter taken back")
    life.withdraw(withdrawn, reason="A figure in it was wrong.", actor=None, at=now)
    closed = factories.released(at=now, title="A letter that closed")
    life.close_signing(closed, actor=None, at=now)
    amended = factories.released(at=now, title="A letter that was amended")
    factories.accepted(amended, "Tide Watch", email="t@tide.example")
    revising.revise(amended, words={"body": "<p>We ask you to keep the ferries.</p>"}, actor=None, at=now)
    amending.amend(amended, reason="The night line is gone.", actor=None, at=now)
    rows = (letter, arabic, circulating, withdrawn, closed, amended)
    found = Letter.objects.in_bulk([row.pk for row in rows])
    return {
        "url": live_server.url,
        "letter": found[letter.pk],
        "arabic": found[arabic.pk],
        "circulating": found[circulating.pk],
        "withdrawn": found[withdrawn.pk],
        "closed": found[closed.pk],
        "amended": found[amended.pk],
        "convener": convener,
    }


@pytest.fixture
def watched(page, live_server):
    """The page, with everything noted that it should not do: ask others, break its policy, fail, set a cookie."""
    faults = []
    host = urlsplit(live_server.url).netloc
    page.on(
        "request",
        lambda request: (
            None if urlsplit(request.url).netloc in ("", host) else faults.append(f"asked {request.url}")
        ),
    )
    page.on(
        "console",
        lambda message: (
            faults.append(message.text)
            if message.type == "error" and "status of 4" not in message.text
            else None
        ),
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    assert faults == []
    assert page.context.cookies() == []
