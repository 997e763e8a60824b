"""The difference of two versions, word by word."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters import changes, marks

words = st.text(alphabet="abcde ,.-*_[]<>\\1éж中文ا", max_size=60)
bodies = st.lists(words, max_size=5).map(lambda parts: "".join(f"<p>{part}</p>" for part in parts))


def content(body, title="Keep the ferries", **texts):
    words = {"title": title, "place": "", "subject": "", "salutation": "", "body": body, "closing": ""}
    return {
        "language": "en",
        "date": "2026-11-25",
        "addressees": [{"name": "Orla Venn", "function": "", "body": ""}],
        "copies": [],
        "texts": {"en": words, **texts},
    }


def spans(before, after):
    (comparison,) = changes.compare(content(before), content(after))
    return [
        (span.kind, span.words)
        for change in comparison.changes
        for block in change.blocks
        for span in block.spans
    ]


def test_a_word_is_shown_within_its_sentence():
    assert spans("<p>Keep the old ferry running.</p>", "<p>Keep the new ferry running.</p>") == [
        ("same", "Keep the "),
        ("out", "old"),
        ("in", "new"),
        ("same", " ferry running."),
    ]


def test_words_in_a_row_change_together():
    found = spans("<p>Keep the old slow ferry.</p>", "<p>Keep the new fast ferry.</p>")
    assert ("out", "old slow") in found and ("in", "new fast") in found


def test_a_chinese_sentence_is_compared_letter_by_letter():
    assert ("out", "日") in spans("<p>渡轮日间运行</p>", "<p>渡轮夜间运行</p>")


def test_a_list_that_is_parted_in_two_is_seen():
    one, two = "<ul><li>one</li><li>two</li></ul>", "<ul><li>one</li></ul><ul><li>two</li></ul>"
    assert ("in", "-") in spans(one, two) and ("out", "-") in spans(two, one)


def test_paragraphs_that_stay_are_not_repeated():
    (comparison,) = changes.compare(content("<p>One.</p><p>Two.</p>"), content("<p>One.</p><p>2.</p>"))
    assert comparison.changes[0].blocks[0].unchanged == 1


def test_a_new_addressee_and_a_new_language_are_told():
    before, after = content("<p>One.</p>"), content("<p>One.</p>", fr=content("<p>Un.</p>")["texts"]["en"])
    after["addressees"].append({"name": "Ivo Lund", "function": "", "body": "Port Office"})
    around, french = changes.compare(before, after)
    assert around.changes[0].part == "addressees"
    assert (french.language, french.whole) == ("fr", "added")


@pytest.mark.parametrize(
    ("before", "after", "told"), [("12 boats", "21 boats", True), ("12 boats", "12 bots", False)]
)
def test_a_figure_that_changes_is_noticed(before, after, told):
    assert changes.figures(changes.compare(content(f"<p>{before}</p>"), content(f"<p>{after}</p>"))) is told


@given(bodies)
def test_what_is_the_same_has_no_difference(body):
    assert changes.compare(content(body), content(body)) == ()


@given(bodies, bodies)
def test_the_difference_has_every_word_of_both(one, other):
    """Out and same together are the text before, in and same the text after."""
    shown = changes.texts.body_lines
    for comparison in changes.compare(content(one), content(other)):
        for change in comparison.changes:
            kept = sum(block.unchanged for block in change.blocks)
            before = [block.before for block in change.blocks if block.before]
            after = [block.after for block in change.blocks if block.after]
            assert len(before) + kept == len(shown(one)) and len(after) + kept == len(shown(other))
            lines = [marks.shown(line) for line in shown(one)]
            assert all(words in lines for words in before)


def test_a_paragraph_longer_than_any_is_shown_whole():
    long = " ".join(f"w{n % 97}" for n in range(12_000))
    assert spans(f"<p>{long}</p>", f"<p>{long} end</p>") == [("out", long), ("in", f"{long} end")]


def test_a_difference_is_remembered_by_what_was_compared():
    class Version:
        def __init__(self, body):
            self.content, self.digest = content(body=body), body

    one, two, three = (Version(f"<p>{word}</p>") for word in ("one", "two", "three"))
    assert changes.between(one, two) is changes.between(one, two)
    assert changes.between(one, two) == changes.compare(one.content, two.content)
    assert changes.between(one, three) != changes.between(one, two)


def block(before, after):
    (comparison,) = changes.compare(content(before), content(after))
    return next(found for found in comparison.changes[0].blocks if not found.unchanged)


@pytest.mark.parametrize(
    ("before", "after", "look"),
    [
        ("<h2>Old ways</h2>", "<h2>New ways</h2>", "heading"),
        ("<h3>Old ways</h3>", "<h3>New ways</h3>", "subheading"),
        ("<ul><li>old</li></ul>", "<ul><li>new</li></ul>", "item"),
        ("<blockquote><p>Old</p></blockquote>", "<blockquote><p>New</p></blockquote>", "quote"),
        ("<blockquote><ul><li>a</li></ul></blockquote>", "<blockquote><ul><li>b</li></ul></blockquote>", "quote item"),
    ],
)  # fmt: skip
def test_a_line_that_stays_what_it_is_says_so_by_its_look_and_not_by_its_marks(before, after, look):
    found = block(before, after)
    assert found.look == look
    assert not any(mark in span.laid_out for span in found.spans for mark in ("#", "&gt;", "- "))
    assert found.before.startswith(found.mark + found.spans[0].words)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<h2>Ways</h2>", "<h3>Ways</h3>"),
        ("<p>Ways</p>", "<h3>Ways</h3>"),
        ("<ul><li>Ways</li></ul>", "<ol><li>Ways</li></ol>"),
        ("<p>Ways</p>", "<blockquote><p>Ways</p></blockquote>"),
        ("<p>One <em>old</em> way</p>", "<p>One <strong>old</strong> way</p>"),
        ("<p>One <em>old</em> way</p>", "<p>One old way</p>"),
        ("<p><em>One</em> <em>way</em></p>", "<p><em>One way</em></p>"),
        ("<p>A <a href='https://a.example/'>way</a></p>", "<p>A <a href='https://b.example/'>way</a></p>"),
        ("<p>A way^[so]</p>", "<p>A way[so]</p>"),
    ],
)
def test_a_change_of_markup_alone_is_seen(before, after):
    spans = block(before, after).spans
    assert any(span.kind != "same" and span.laid_out for span in spans)
    assert all(span.laid_out == escape(span.words) and span.words for span in spans if span.kind != "same")


def test_what_stayed_is_shown_as_it_is_read():
    before = "<p>The <em>old</em> <strong>way</strong> by <a href='https://a.example/'>sea</a>.^[Note [1].] So 1.</p>"
    found = block(before, before.replace("So 1", "So 2"))
    assert found.spans[0].laid_out == (
        "The <em>old</em> <strong>way</strong> by <u>sea</u>.<small>[Note [1].]</small> So "
    )


def test_a_new_line_shows_its_emphasis_and_where_its_links_lead():
    new = "<p>The <em>new</em> <a href='https://a.example/'>way</a>.</p>"
    (comparison,) = changes.compare(content("<p>One.</p>"), content(f"<p>One.</p>{new}"))
    (span,) = comparison.changes[0].blocks[1].spans
    assert span.laid_out == "The <em>new</em> [way](&lt;https://a.example/&gt;)."


def test_what_looks_like_a_mark_outside_the_body_is_words():
    (comparison,) = changes.compare(content("", title="# a_b_c 1"), content("", title="# a_b_c 2"))
    assert comparison.changes[0].blocks[0].look == ""
    assert comparison.changes[0].blocks[0].spans[0].laid_out == "# a_b_c "


@given(words)
def test_words_are_never_markup(typed):
    body = f"<p>{escape(typed)} 1</p>"
    for comparison in changes.compare(content(body), content(body.replace(" 1</p>", " 2</p>"))):
        for found in comparison.changes[0].blocks:
            assert not any(tag in span.laid_out for span in found.spans for tag in ("<em", "<u", "<a", "<b"))


def test_a_letter_that_is_other_throughout_is_shown_whole_in_the_end():
    """However many paragraphs are made to be slow: after a share of work, each is shown as gone and as new."""
    before = "".join(f"<p>{'a b ' * 450}{n}</p>" for n in range(12))
    after = "".join(f"<p>{'b a ' * 450}{n}</p>" for n in range(12))
    (comparison,) = changes.compare(content(before), content(after))
    blocks = comparison.changes[0].blocks
    assert len(blocks[0].spans) > 1 and len(blocks[-1].spans) == 1
