"""The words of a letter: cleaning, laying out, canonical bytes."""

import copy
import hashlib
import re
import subprocess
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from letters import pasting, texts
from letters.markup import parse, plain, to_html
from letters.templatetags.lettering import grouped

words = st.text(alphabet=st.sampled_from("ab é*_[]()<>&\"'#->1.=|^\\ \u00a0‎مя"), min_size=0, max_size=12)
inline = st.deferred(
    lambda: st.one_of(
        words.map(lambda w: w.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")),
        st.tuples(st.sampled_from(["em", "strong", "sup", "b", "i", "span"]), inline).map(
            lambda t: f"<{t[0]}>{t[1]}</{t[0]}>"
        ),
        inline.map(lambda i: f'<a href="https://example.org/x">{i}</a>'),
        st.lists(inline, max_size=3).map("".join),
        st.just("<br>"),
    )
)
blocks = st.deferred(
    lambda: st.one_of(
        st.tuples(st.sampled_from(["p", "h2", "h3", "div"]), inline).map(
            lambda t: f"<{t[0]}>{t[1]}</{t[0]}>"
        ),
        st.tuples(st.sampled_from(["ul", "ol"]), st.lists(st.one_of(inline, blocks), max_size=3)).map(
            lambda t: f"<{t[0]}>{''.join(f'<li>{item}</li>' for item in t[1])}</{t[0]}>"
        ),
        blocks.map(lambda b: f"<blockquote>{b}</blockquote>"),
        inline,
    )
)
documents = st.one_of(st.lists(blocks, max_size=4).map("".join), st.text(max_size=60))
QUICK = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(documents)
def test_cleaning_is_idempotent(html):
    once = texts.clean(html)
    assert texts.clean(once) == once
    assert to_html(parse(once)) == once


def version(body, **changes):
    text = {
        "title": "T",
        "place": "",
        "subject": "",
        "salutation": "",
        "body": texts.clean(body),
        "closing": "",
    }
    return {"language": "en", "date": "", "addressees": [], "copies": [], "texts": {"en": text | changes}}


@QUICK
@given(documents, documents)
def test_two_different_texts_never_share_bytes(one, other):
    same_words = texts.clean(one) == texts.clean(other)
    assert (texts.canonical(1, version(one)) == texts.canonical(1, version(other))) == same_words


odd_words = st.text(alphabet="ab \n\t|\\\\*_[]<>=#-.1:^é中", max_size=12)
parties = st.fixed_dictionaries({"name": odd_words, "function": odd_words, "body": odd_words})
in_a_language = st.fixed_dictionaries(
    dict.fromkeys(("title", "place", "subject", "salutation", "closing"), words)
    | {"body": documents.map(texts.clean)}
)
contents = st.fixed_dictionaries(
    {
        "language": st.just("en"),
        "date": st.sampled_from(["", "2026-11-25"]),
        "addressees": st.lists(parties, max_size=2),
        "copies": st.lists(parties, max_size=2),
        "texts": st.fixed_dictionaries({"en": in_a_language}, optional={"fr": in_a_language}),
    }
)


def one_line(value):
    return re.sub(r"[ \t\r\n\f]+", " ", value).strip(" ")


def in_normal_form(content):
    """The same content with white space folded as the bytes fold it; nothing else is folded."""
    people = {
        part: [{key: one_line(value) for key, value in party.items()} for party in content[part]]
        for part in ("addressees", "copies")
    }
    each = {
        language: {
            key: value
            if key == "body"
            else [one_line(line) for line in value.splitlines() if line.strip()]
            if key == "closing"
            else one_line(value)
            for key, value in parts.items()
        }
        for language, parts in content["texts"].items()
    }
    return content | people | {"texts": each}


@QUICK
@given(contents, contents)
def test_two_versions_that_differ_anywhere_never_share_bytes(one, other):
    """Also where words of one part look like the marks of another."""
    same = in_normal_form(one) == in_normal_form(other)
    assert (texts.canonical(1, one) == texts.canonical(1, other)) == same


@QUICK
@given(contents, st.sampled_from(["title", "place", "subject", "salutation", "closing"]), odd_words)
def test_a_change_of_one_part_changes_the_bytes(content, part, new):
    other = copy.deepcopy(content)
    other["texts"]["en"][part] = new
    same = in_normal_form(content) == in_normal_form(other)
    assert (texts.canonical(1, content) == texts.canonical(1, other)) == same


@pytest.mark.parametrize(
    "mark",
    ["=== closing", "## Why", "> said", "- one", "1. one", "\\", "a\\", "[a](<b>)", "_a_", "<sup>1</sup>"],
)
def test_words_that_look_like_a_mark_are_not_taken_for_one(mark):
    """Words in a paragraph give other bytes than the mark itself, and stand there escaped."""
    as_words = texts.body_lines(f"<p>{mark.replace('<', '&lt;')}</p>")
    assert as_words[0] != mark and as_words[0].replace("\\", "") == mark.replace("\\", "")


def test_a_paragraph_never_begins_the_closing():
    one, other = version("<p>P</p><p>=== closing</p><p>Q</p>"), version("<p>P</p>", closing="Q\n=== closing")
    assert texts.canonical(1, one) != texts.canonical(1, other)


@QUICK
@given(contents)
def test_laying_out_never_changes_the_bytes(content):
    before, kept = texts.canonical(3, content), copy.deepcopy(content)
    for parts in content["texts"].values():
        texts.render(parts["body"])
        texts.summary(parts["body"])
        texts.plain_lines(parts["body"])
    texts.searched(content)
    assert content == kept
    assert texts.canonical(3, content) == before
    again = copy.deepcopy(content)
    for parts in again["texts"].values():
        parts["body"] = texts.clean(parts["body"])
    assert texts.canonical(3, again) == before


@QUICK
@given(documents)
def test_rendering_keeps_every_word(html):
    clean = texts.clean(html)
    rendered = plain(parse(texts.render(clean)))
    if texts.OPEN not in clean:
        assert rendered == plain(parse(clean))


@pytest.mark.parametrize(
    "bad",
    [
        "<p>a<script>alert(1)</script>b</p>",
        '<p onclick="x()">ab</p>',
        '<p style="color:red">ab</p>',
        '<p><a href="javascript:alert(1)">a</a>b</p>',
        '<p><img src="https://tracker.example/x.gif">ab</p>',
        "<p>a<iframe src=x></iframe>b</p>",
        '<p><svg onload="x()"></svg>ab</p>',
    ],
)
def test_what_is_not_allowed_is_gone(bad):
    assert texts.clean(bad) == "<p>ab</p>"


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<h1>Big</h1><div>words</div>", "<h2>Big</h2><p>words</p>"),
        ("loose <b>words</b>", "<p>loose <strong>words</strong></p>"),
        ("<p>  a \n b&nbsp;c </p><p></p><p> <br> </p>", "<p>a b\u00a0c</p>"),
        (
            "<ul><li><p>one</p></li><li>two<ul><li>deep</li></ul></li></ul>",
            "<ul><li>one</li><li>two<ul><li>deep</li></ul></li></ul>",
        ),
        ("<p><em>a</em><em>b</em></p>", "<p><em>ab</em></p>"),
        ("<p>كتاب\u200cها</p>", "<p>كتاب\u200cها</p>"),
    ],
)
def test_normal_form(html, clean):
    assert texts.clean(html) == clean


def test_a_note_becomes_a_numbered_footnote():
    page = texts.render('<p>One.^[See <a href="https://example.org">the act</a>.] Two.^[Same.]</p>')
    assert 'href="#fn-1"' in page and 'id="fn-2"' in page
    assert '<a href="https://example.org">the act</a>' in page.partition("doc-endnotes")[2]
    assert "^[" not in page


def test_a_mark_within_an_address_stays_there():
    address = "http://x.example/^[a^[b]c"
    page = texts.render(f'<p><a href="{address}">x</a> One.^[Note.]</p>')
    assert f'href="{address}"' in page
    assert page.count("doc-noteref") == 1 and 'id="fn-2"' not in page


def test_notes_are_a_part_of_their_own():
    body, notes = texts.laid_out("<p>One.^[Note.]</p>")
    assert "Note." not in body and 'href="#fn-1"' in body
    assert notes.startswith("<section") and "Note." in notes
    assert texts.laid_out("<p>One.</p>") == ("<p>One.</p>", "")


@pytest.mark.parametrize("odd", ["<p>a ^[never closed</p>", "<p>a ^[<em>x]</em> b</p>", "<p>^[]</p>"])
def test_an_odd_note_stays_as_typed(odd):
    assert "^[" in texts.render(odd)


def test_the_exact_bytes_of_a_letter():
    """The form that docs/text-versions.md promises, byte for byte."""
    content = version(
        '<h2>Why</h2><p>Keep <em>all</em> ferries, see <a href="https://example.org/a">the act</a>.^[Art. 4]</p><ol><li>now</li></ol>',
        title="Keep [all] ferries",
        closing="Yours,\nMerrow",
    )
    content |= {
        "date": "2026-10-12",
        "addressees": [{"name": "Orla Venn", "function": "Minister", "body": "A|B"}],
    }
    exact = texts.canonical(3, content)
    assert exact == (
        "Undersigned text version, format 1\nNumber: 3\nDate: 2026-10-12\nLanguage: en\nTo: Orla Venn | Minister | A\\|B\n\n"
        "=== en\nTitle: Keep \\[all\\] ferries\nPlace: \nSubject: \nSalutation: \n\n=== body\n\n## Why\n\n"
        "Keep _all_ ferries, see [the act](<https://example.org/a>).^\\[Art. 4\\]\n\n1. now\n\n=== closing\n\nYours,\n\nMerrow\n"
    )
    assert texts.digest(exact) == hashlib.sha256(exact.encode()).hexdigest()


def test_what_is_downloaded_hashes_to_the_digest(letter, client):
    version = letter.current_version
    response = client.get(f"/letters/{letter.slug}/versions/1/text.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    told = subprocess.run(["sha256sum"], input=response.content, capture_output=True, check=True)
    assert told.stdout.decode().split()[0] == version.digest


def test_what_a_word_processor_draws_as_a_list_becomes_one():
    pasted = (
        "<p>We ask:</p><p>·\u00a0\u00a0\u00a0 <b>First</b></p><p>·\u00a0\u00a0 Second</p><p>\u00a0</p>"
        "<p>1.\u00a0\u00a0 One</p><p>2)\u00a0\u00a0 Two</p><p>o\u00a0casaco stays</p><p>·\u00a0\u00a0 </p>"
    )
    made = pasting.tidy(pasted)
    assert made == (
        "<p>We ask:</p><ul><li><strong>First</strong></li><li>Second</li></ul>"
        "<ol><li>One</li><li>Two</li></ol><p>o\u00a0casaco stays</p><p>·\u00a0\u00a0</p>"
    )
    assert pasting.tidy(made) == made == texts.clean(made)
    assert (
        texts.clean("<p>·\u00a0\u00a0 x</p>") == "<p>·\u00a0\u00a0 x</p>"
    )  # a frozen text is shown as it was frozen


# --- What word processors write


def test_a_table_becomes_a_line_a_row_with_its_cells_apart():
    table = "<table><tr><th>Year</th><th>Trips</th></tr><tr><td><p>2025</p></td><td><p>14</p><p>more</p></td></tr></table>"
    assert pasting.tidy(f"{table}<p>After.</p>") == "<p>Year | Trips</p><p>2025 | 14 more</p><p>After.</p>"
    nested = (
        "<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td><td>d</td></tr></table><p>e</p>"
    )
    assert all(letter in pasting.tidy(nested) for letter in "abcde")


@pytest.mark.parametrize(
    ("mark", "note"),
    [
        ('<a href="#_ftn1" name="_ftnref1"><span>[1]</span></a>', '<a href="#_ftnref1" name="_ftn1">[1]</a> Act, <i>art. 4</i>.'),
        ('<sup><a href="#sdfootnote1sym">1</a></sup>', '<a href="#sdfootnote1anc">1</a>Act, <em>art. 4</em>.'),
        ('<sup><a href="#ftnt1">[1]</a></sup>', '<a href="#ftnt_ref1">[1]</a>\u00a0Act, <em>art. 4</em>.'),
    ],
)  # fmt: skip
def test_a_word_processors_footnote_becomes_a_note(mark, note):
    pasted = f"<h1>On ferries</h1><p>They run{mark} at night.</p><div><p>{note}</p></div>"
    assert pasting.tidy(pasted) == "<h2>On ferries</h2><p>They run^[Act, <em>art. 4</em>.] at night.</p>"


def test_a_link_within_the_page_leads_nowhere_in_a_letter():
    assert pasting.tidy('<p><a href="#top">Top</a> of <a href="#">what is to come</a></p>') == (
        '<p>Top of <a href="#">what is to come</a></p>'
    )
    lonely = '<p><a href="#_ftnref7">[7]</a> words</p>'
    assert pasting.tidy(lonely) == "<p>[7] words</p>"


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        (
            '<p><a href="#_ftn1">[1]</a> All must be freed.</p><p><a href="#_ftnref1">[1]</a> Report.</p>',
            "<p>^[Report.] All must be freed.</p>",
        ),
        (
            '<p>a<a href="#_ftn1">[1]</a> b<a href="#_edn1">[i]</a></p><p><a href="#_ftnref1">[1]</a> Foot.</p><p><a href="#_ednref1">[i]</a> End.</p>',
            "<p>a^[Foot.] b^[End.]</p>",
        ),
        (
            '<p>a<a href="#_ftn1">[1]</a> b<a href="#_msocom_1">[c1]</a></p><p><a href="#_ftnref1">[1]</a> Foot.</p><p><a href="#_msoanchor_1">[c1]</a> A comment.</p>',
            "<p>a^[Foot.] b[c1]</p><p>[c1] A comment.</p>",
        ),
        (
            '<p><a href="#section1">Part 1</a> of <a href="#_Toc1">it</a></p><p><a href="#_Toc1">The demands</a></p>',
            "<p>Part 1 of it</p><p>The demands</p>",
        ),
        (
            '<p><a href="#part2">Part 2</a> follows.</p><p><a href="#top2">Back</a> to the start.</p>',
            "<p>Part 2 follows.</p><p>Back to the start.</p>",
        ),
        (
            '<p>a<a href="#_ftn1">[1]</a></p><p><a href="#_ftnref1">[1]</a> One, see <a href="#_ftn2">[2]</a>.</p><p><a href="#_ftnref2">[2]</a> Two.</p>',
            "<p>a^[One, see [2].]</p><p>[2] Two.</p>",
        ),
        (
            '<p>a<a href="#_ftn1">[1]</a> b<a href="#_ftn1">[1]</a></p><p><a href="#_ftnref1">[1]</a> One.</p>',
            "<p>a^[One.] b[1]</p>",
        ),
    ],
)
def test_only_what_is_surely_a_footnote_moves_and_no_word_is_lost(pasted, kept):
    assert pasting.tidy(pasted) == kept
    assert pasting.tidy(kept) == kept


def test_the_first_words_of_a_text_are_without_its_notes():
    html = "<p>We write.^[A note with a [bracket] inside.] They are dry.^[open</p>"
    assert texts.summary(html) == "We write. They are dry.^[open"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://a.example/\n=== closing\n\nYours", "https://a.example/===%20closingYours"),
        (" https://a.example/b c ", "https://a.example/b%20c"),
        ("https://a.example/<b>", "https://a.example/%3Cb%3E"),
        ("https://a.example/%3Cb%3E", "https://a.example/%3Cb%3E"),
    ],
)
def test_an_address_is_one_line_in_one_spelling(typed, kept):
    cleaned = texts.clean(f'<p>See <a href="{escape(typed)}">there</a>.</p>')
    assert cleaned == f'<p>See <a href="{escape(kept)}">there</a>.</p>'
    assert texts.clean(cleaned) == cleaned


def test_a_no_break_space_is_not_a_space():
    one, other = ({"title": words} for words in ("Why\u00a0?", "Why ?"))
    blank = dict.fromkeys(("place", "subject", "salutation", "body", "closing"), "")
    around = {"date": "", "language": "en", "addressees": [], "copies": []}
    made = [texts.canonical(1, around | {"texts": {"en": blank | words}}) for words in (one, other)]
    assert made[0] != made[1] and "Title: Why\u00a0?" in made[0]


def test_quotations_and_lists_in_each_other_end_somewhere_and_no_word_is_lost():
    deep = "<blockquote>" * 39 + "<p>Deep</p>" + "</blockquote>" * 39
    assert texts.clean(deep).count("<blockquote>") == 8 and "<p>Deep</p>" in texts.clean(deep)
    listed = "<ul><li>" * 30 + "Deep" + "</li></ul>" * 30
    assert texts.clean(listed).count("<ul>") <= 8 and "Deep" in texts.clean(listed)
    soup = "<div>" * 30 + "<ul><li>One</li><li>Two</li></ul>" + "</div>" * 30
    assert texts.clean(soup) == "<ul><li>One</li><li>Two</li></ul>"
    for body in (deep, listed):
        assert texts.clean(texts.clean(body)) == texts.clean(body)


def test_the_mark_of_a_note_begins_no_line():
    body, _notes = texts.laid_out("<p>有人。^[注]</p>")
    assert '。\u2060<sup class="mark">' in body


def test_a_digest_breaks_in_the_middle_first_and_is_one_word():
    shown = grouped("0123456789abcdef" * 4)
    assert shown.count('<span class="half">') == 2 and re.sub("<[^>]+>", "", shown) == "0123456789abcdef" * 4
