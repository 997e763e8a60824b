"""Every kind of message in every language, from its sample: the same words as text and as HTML, and nothing from elsewhere."""

import re
from html import unescape

import pytest
from django.conf import settings
from lxml import html as markup

from letters import mailtext
from letters.compose import ANSWERS
from letters.mailsamples import SAMPLES, SIGNATORY, TITLES, sample
from letters.wording import MESSAGES

LANGUAGES = [code for code, _name in settings.LANGUAGES]
ENTITY = re.compile(r"&(?:[a-z]+|#\d+|#x[0-9a-f]+);")
TAG = re.compile(r"</?[a-z][^<>@]*>")


def html_of(mail):
    ((content, form),) = mail.alternatives
    assert form == "text/html"
    return content


def test_every_kind_has_a_sample():
    assert set(SAMPLES) == set(MESSAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MESSAGES)
def test_a_message_says_the_same_in_both_forms(kind, language):
    mail = sample(kind, language)
    html = html_of(mail)
    page = markup.document_fromstring(html.encode(), parser=markup.HTMLParser(encoding="utf-8"))

    assert mail.subject.strip() and "\n" not in mail.subject
    assert not ENTITY.search(mail.subject) and "<" not in mail.subject
    text = mail.body.replace("[the agenda](<https://", "")  # the exact text has marks of its own
    assert not ENTITY.search(text) and not TAG.search(text)
    said = mail.subject + mail.body
    assert SIGNATORY in said or "signatory" not in source(kind)
    assert TITLES[language] in said
    assert "{{" not in said and "None" not in said

    assert page.get("lang") == language
    assert page.get("dir") == ("rtl" if language == "ar" else "ltr")
    assert page.findtext(".//title").strip() == mail.subject
    assert page.find(".//h1").text_content() == mail.subject
    for tag in ("img", "script", "link", "iframe", "object", "form", "base", "video", "svg"):
        assert page.find(f".//{tag}") is None, tag
    style = page.findtext(".//style")
    assert "url(" not in style and "@import" not in style and "\ufffd" not in html
    assert not re.search(r"<(?!a\s)[^>]*\shttps?://|\s(?:src|srcset|background|action|on\w+)=", html)

    addresses = [link.get("href") for link in page.iter("a")]
    lines = [line.removeprefix("> ").strip() for line in mail.body.splitlines()]
    for address in addresses:
        if address.startswith("mailto:"):
            assert address.removeprefix("mailto:") in lines
        else:
            assert address in lines, address  # alone on its line
    assert len([line for line in lines if line.startswith("http")]) == len(addresses) - sum(
        address.startswith("mailto:") for address in addresses
    )


def source(kind):
    return (settings.BASE_DIR / "templates" / "emails" / f"{kind}.html").read_text()


@pytest.mark.parametrize("kind", MESSAGES)
def test_headers_that_say_how_to_stop_stand_on_all_but_answers(kind):
    headers = sample(kind, "en").extra_headers
    assert headers["Auto-Submitted"] == "auto-generated"
    stops = "List-Unsubscribe" in headers
    assert stops == (kind not in ANSWERS)
    if stops:
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "/stop/>" in headers["List-Unsubscribe"]
        assert headers["List-Unsubscribe"].strip("<>") in sample(kind, "en").body


def test_answers_are_known_kinds():
    assert set(MESSAGES) > ANSWERS


def test_user_text_keeps_its_lines_and_is_escaped(monkeypatch):
    evil = 'First <b>line</b> & co\nSecond "line"'
    monkeypatch.setitem(SAMPLES, "refused", type(SAMPLES["refused"])({"reason": evil}))
    mail = sample("refused", "en")
    assert '> First <b>line</b> & co\n> Second "line"' in mail.body
    assert "<b>" not in html_of(mail)
    assert "First <b>line</b> &amp; co<br>" in unescape(html_of(mail)).replace("& co", "&amp; co")


def test_the_exact_text_stands_in_a_receipt_as_it_is():
    from letters.mailsamples import sample_letter

    exact = sample_letter().current_version.canonical
    assert exact in sample("receipt", "ar").body


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree\n"),
        ("<p>Press:</p><p><a href='https://x.example/'>Here</a></p>", "Press:\n\nhttps://x.example/\n"),
        ("<p>Press.</p><p><a href='https://x.example/'>Here</a></p>", "Press.\n\nHere:\n\nhttps://x.example/\n"),
        ("<p>See <a href='https://x.example/'>this</a> now.</p>", "See this now.\n\nthis:\n\nhttps://x.example/\n"),
        ("<p><a href='https://x.example/'>https://x.example/</a></p>", "https://x.example/\n"),
        ("<p><a href='mailto:a@x.example'>a@x.example</a></p>", "a@x.example\n"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two\n"),
        ("<ol><li><p>one</p></li><li>two</li></ol>", "1. one\n2. two\n"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b\n"),
        ("<pre>a  b\n c</pre>", "a  b\n c\n"),
        ("<p>a\u00a0b   c</p>", "a\u00a0b c\n"),
        ("<p data-html-only>x</p><h2>Head</h2>y<p>z</p>", "Head\n\ny\n\nz\n"),
        ("<div role='contentinfo'><p>Us<br>there</p></div>", "--\nUs\nthere\n"),
    ],
)  # fmt: skip
def test_text_is_made_from_html(html, text):
    page = f"<html lang='en'><head><title>T</title></head><body>{html}</body></html>"
    assert mailtext.text_of(mailtext.parsed(page)) == text


def test_the_colon_is_the_languages_own():
    page = "<html lang='fr'><body><p>a</p><p><a href='https://x.example/'>Ici</a></p></body></html>"
    assert "Ici\u00a0:\n\nhttps://x.example/" in mailtext.text_of(mailtext.parsed(page))
