"""Mail through the services that Anymail covers, by EMAIL_URL: against a real HTTP server on loopback."""

import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection

from config.mail import SERVICES, email_settings
from letters import outbox
from letters.models import Attempt, Message
from tests.smtp import queued

KEY = "key-of-nobody-1234567890"
VAR = Path("/nowhere")
Outcome = Attempt.Outcome
POSTMARK = {"To": "reader0@example.org", "MessageID": "b7bc", "ErrorCode": 0, "Message": "OK"}
MAILGUN = {"id": "<1@letters.example>", "message": "Queued. Thank you."}


class Service(ThreadingHTTPServer):
    """Answers each POST with ``status`` and ``words``; ``asked`` holds what came."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.status, self.words, self.asked = 200, {}, []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/v1/"


class Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), body))
        words = json.dumps(self.server.words).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def log_message(self, *args):
        pass


@pytest.fixture
def service():
    found = Service()
    yield found
    found.shutdown()
    found.server_close()


def use(settings, url):
    for name, value in email_settings(url, VAR, 5).items():
        setattr(settings, name, value)


@pytest.fixture
def postmark(service, settings):
    use(settings, f"postmark://{KEY}@?api_url={service.url}")
    return service


def sent(letter):
    (message,) = queued(letter)
    outbox.send_due(worker="one")
    message.refresh_from_db()
    return message


def test_a_message_goes_through_a_service_with_its_headers(letter, postmark):
    postmark.words = POSTMARK
    message = sent(letter)
    assert message.state == Message.State.SENT
    ((path, headers, body),) = postmark.asked
    assert (path, headers["X-Postmark-Server-Token"]) == ("/v1/email", KEY)
    given = {header["Name"]: header["Value"] for header in json.loads(body)["Headers"]}
    assert given["Message-ID"] == given["X-Undersigned-ID"] == message.message_id
    assert given["X-PM-KeepID"] == "true"
    assert given["Auto-Submitted"] == "auto-generated"


def test_the_envelope_of_a_service_is_its_own(letter, postmark, settings):
    settings.BOUNCE_ADDRESS = "bounces@letters.example"
    postmark.words = POSTMARK
    assert sent(letter).state == Message.State.SENT
    assert json.loads(postmark.asked[0][2])["From"] == settings.DEFAULT_FROM_EMAIL


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Outcome.REFUSED),
        (413, Outcome.REFUSED),
        (401, Outcome.WAITS),
        (403, Outcome.WAITS),
        (404, Outcome.WAITS),
        (429, Outcome.WAITS),
        (500, Outcome.WAITS),
        (503, Outcome.WAITS),
    ],
)
def test_what_a_service_answers(letter, service, settings, caplog, status, outcome):
    use(settings, f"mailgun://{KEY}@letters.example?api_url={service.url}")
    service.status, service.words = status, {"message": f"no: {KEY} to reader0@example.org\0"}
    message = sent(letter)
    assert message.state == (Message.State.FAILED if outcome == Outcome.REFUSED else Message.State.QUEUED)
    line = message.history.get()
    assert line.outcome == outcome
    assert f"Mailgun API response {status}" in line.reply
    for words in (line.reply, message.error, caplog.text):
        assert KEY not in words and "reader0@" not in words


def test_a_recipient_that_a_service_knows_as_dead_is_final(letter, postmark):
    postmark.status = 422
    postmark.words = {"ErrorCode": 406, "Message": "You tried to send to recipients that are inactive."}
    message = sent(letter)
    assert message.state == Message.State.FAILED
    assert "inactive" in message.error


def test_what_a_service_says_of_the_message_in_a_good_answer_is_heard(letter, service, settings):
    """Mailjet answers 200 and, within, that this message failed."""
    use(settings, f"mailjet://{KEY}:{KEY}2@?api_url={service.url}")
    service.words = {
        "Messages": [{"Status": "error", "Errors": [{"StatusCode": 500, "ErrorMessage": "try later"}]}]
    }
    message = sent(letter)
    assert message.state == Message.State.QUEUED
    assert "try later" in message.error


def test_a_service_that_is_away_loses_nothing(letter, settings):
    use(settings, f"sendgrid://{KEY}@?api_url=http://127.0.0.1:9/")
    message = sent(letter)
    assert message.state == Message.State.QUEUED
    assert "refused" in message.error and KEY not in message.error


OTHERS = {"mailjet": f"{KEY}:secret", "mailgun": KEY}
NEEDS = {"scaleway": "&project_id=p-1"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_of_the_table_is_spoken_to(service, settings, name):
    """Whatever it says to an empty answer, it was asked, at the address given, with our key."""
    use(settings, f"{name}://{OTHERS.get(name, KEY)}@?api_url={service.url}{NEEDS.get(name, '')}")
    message = EmailMessage("Subject", "Words", "Letters <a@letters.example>", ["b@example.org"])
    message.connection = get_connection()
    with suppress(Exception):
        message.send()
    ((path, headers, body),) = service.asked
    assert path.startswith("/v1/")
    whole = json.dumps(headers) + body.decode()
    assert KEY in whole or "Basic" in whole


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("carrierpigeon://x@y", "begins with none of: smtp, smtps"),
        ("mailgun://@example.org", "lacks the key of mailgun; write mailgun://KEY@example.org"),
        (f"postmark://{KEY}", "lacks the key of postmark"),
        (f"mailjet://{KEY}@", "write mailjet://KEY:SECRET@"),
        (f"brevo://{KEY}:{KEY}@", "says more than brevo takes"),
        (f"brevo://{KEY}@/{KEY}", "says more than brevo takes"),
        (f"scaleway://{KEY}@", "lacks project_id"),
        (f"postal://{KEY}@", "lacks api_url"),
        (f"resend://{KEY}@?apiurl={KEY}", "only api_url may stand after"),
        (f"smtp://user:{KEY}#/@mail.example.org:587", "is not understood"),
        (f"smtp://user:{KEY}@mail.example.org:{KEY}", "is not understood"),
    ],
)
def test_an_odd_address_stops_the_start_and_tells_no_secret(url, words):
    with pytest.raises(ImproperlyConfigured) as raised:
        email_settings(url, VAR)
    assert words in str(raised.value)
    assert KEY not in str(raised.value)
    assert raised.value.__cause__ is None


def test_names_and_keys_may_hold_any_character():
    found = email_settings("mailgun://a%40b%2Fc@letters.example?api_url=https://api.eu.mailgun.net/v3", VAR)
    assert found["ANYMAIL"] == {
        "MAILGUN_API_KEY": "a@b/c",
        "MAILGUN_SENDER_DOMAIN": "letters.example",
        "MAILGUN_API_URL": "https://api.eu.mailgun.net/v3",
        "REQUESTS_TIMEOUT": 30,
    }
    smtp = email_settings("smtp+tls://user%40example.org:p%40ss@mail.example.org:587", VAR, 7)
    assert (smtp["EMAIL_HOST_USER"], smtp["EMAIL_HOST_PASSWORD"], smtp["EMAIL_TIMEOUT"]) == (
        "user@example.org",
        "p@ss",
        7,
    )
