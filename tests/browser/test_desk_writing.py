"""Writing in the desk in a real browser: what is pasted arrives."""

import pytest

from letters.models import Letter
from tests.browser.test_journey import desk  # noqa: F401

pytestmark = pytest.mark.browser
PASTE = """(area, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "plain");
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
WORDS = (
    "<h1>On ferries</h1><p>They run<a href='#_ftn1' name='_ftnref1'><span>[1]</span></a> at night.</p>"
    "<table><tr><td><p>Year</p></td><td><p>Trips</p></td></tr><tr><td>2025</td><td><a href='https://x.example/'>14</a><b>!</b></td></tr></table>"
    "<h4>What we ask</h4><div id='ftn1'><p><a href='#_ftnref1' name='_ftn1'>[1]</a> Act, <i>article 4</i>.</p></div>"
)


def test_what_a_word_processor_copied_arrives_whole(desk, live_server):  # noqa: F811
    desk.goto(f"{live_server.url}/admin/letters/letter/add/")
    desk.fill("[name=texts-0-title]", "Keep the night ferries")
    area = desk.locator(".field-body [contenteditable=true]")
    area.click()
    area.evaluate(PASTE, WORDS)
    desk.fill("[name=addressees-0-name]", "Orla Venn")
    desk.click("[name=_continue]")
    desk.wait_for_load_state()
    assert Letter.objects.get().text.body == (
        '<h2>On ferries</h2><p>They run^[Act, <em>article 4</em>.] at night.</p><p>Year | Trips</p><p>2025 | <a href="https://x.example/">14</a><strong>!</strong></p>'
        "<h3>What we ask</h3>"
    )
