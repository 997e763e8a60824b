"""How reports of mail that came back reach us: the hook, mailboxes on disk and over IMAP, the standard input."""

import asyncio
import base64
import io
import json
import mailbox
import re
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from letters import mailboxes
from letters.models import Message
from signatories.management.commands.worker import TIMED
from tests.smtp import queued
from tests.test_architecture import environment
from tests.test_bounces import sample

SECRET = "a-secret-of-nobody-0123456789"
HOOK = "/hooks/bounces/"
State = Message.State


@pytest.fixture
def sent(letter):
    queued(letter, 3)
    Message.objects.update(state=State.SENT, attempts=1)
    return list(Message.objects.order_by("id"))


@pytest.fixture
def post(client, settings):
    settings.BOUNCE_SECRET = SECRET

    def send(body, kind="application/json", authorization=f"Bearer {SECRET}", **options):
        body = json.dumps(body) if kind == "application/json" and not isinstance(body, str | bytes) else body
        headers = {"Authorization": authorization} if authorization else {}
        return client.post(HOOK, body, content_type=kind, headers=headers, **options)

    return send


def states():
    return list(Message.objects.order_by("id").values_list("state", flat=True))


def basic(words):
    return "Basic " + base64.b64encode(words.encode()).decode()


# The hook


def test_without_a_secret_there_is_no_hook(client, db, settings):
    settings.BOUNCE_SECRET = ""
    for method in (client.get, client.post, client.put):
        there, nowhere = method(HOOK), method("/hooks/no-such-hook/")
        assert there.status_code == nowhere.status_code == 404
        assert there.content == nowhere.content
    assert client.post(HOOK, headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (f"Bearer {SECRET}", 204),
        (f"bearer  {SECRET}", 204),
        (basic(f"anybody:{SECRET}"), 204),
        (basic(f":{SECRET}"), 204),
        ("", 401),
        ("Bearer", 401),
        (f"Bearer {SECRET}x", 401),
        (SECRET, 401),
        (f"Digest {SECRET}", 401),
        (basic(SECRET), 401),
        (basic(f"{SECRET}:x"), 401),
        ("Basic not base64", 401),
        ("Basic /w==", 401),
        ("Bearer é", 401),
    ],
)
def test_only_who_knows_the_secret_is_heard(post, sent, authorization, status):
    response = post({"message_id": sent[0].message_id, "kind": "bounced"}, authorization=authorization)
    assert response.status_code == status
    assert states()[0] == (State.BOUNCED if status == 204 else State.SENT)
    assert "no-store" in response["Cache-Control"] and not response.cookies
    if status == 401:
        assert response.content == b"The secret is missing or wrong.\n"
        assert "Bearer" in response["WWW-Authenticate"]


def test_reports_as_json(post, sent):
    told = [
        {
            "message_id": sent[0].message_id,
            "kind": "bounced",
            "status": "5.1.1",
            "words": "no <a@b.example>\0",
        },
        {"message_id": sent[1].message_id.strip("<>"), "kind": "delayed"},
        {"message_id": "<no-such@letters.example>", "kind": "complained", "status": None},
    ]
    assert post(told).status_code == 204
    assert states() == [State.BOUNCED, State.SENT, State.SENT]
    assert [one.history.get().reply for one in sent[:2]] == ["5.1.1 no <***>", ""]


def test_a_whole_mail_in_every_way_that_services_send_it(post, client, sent):
    mails = [sample("postfix", one.message_id) for one in sent]
    assert post(mails[0], kind="message/rfc822").status_code == 204
    form = {"body-mime": mails[1].decode(), "recipient": "bounces@letters.example"}
    given = {"headers": {"Authorization": basic(f"api:{SECRET}")}}
    assert client.post(f"{HOOK}mime", form, **given).status_code == 204
    assert client.post(HOOK, {"message": SimpleUploadedFile("m.eml", mails[2])}, **given).status_code == 204
    assert states() == [State.BOUNCED] * 3


def test_what_says_nothing_is_taken_and_changes_nothing(post, sent):
    assert post(sample("out-of-office", sent[0].message_id), kind="text/plain").status_code == 204
    assert states() == [State.SENT] * 3


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ("{", "application/json", "not JSON"),
        ("[" * 100_000, "application/json", "not JSON"),
        (["x"], "application/json", "is an object"),
        ({"kind": "bounced"}, "application/json", "not a Message-ID"),
        ({"kind": "bounced", "message_id": "<a\0b@c>"}, "application/json", "not a Message-ID"),
        ({"kind": "lost", "message_id": "<a@b>"}, "application/json", "bounced, delayed, complained"),
        ({"kind": 5, "message_id": "<a@b>"}, "application/json", "are text"),
        ({"kind": "bounced", "message_id": "<a@b>", "status": "gone"}, "application/json", "such as 5.1.1"),
        ([{}] * 1001, "application/json", "1000 reports at most"),
        (b"", "message/rfc822", "no mail"),
        (b"x", "image/png", "Send a mail as"),
        (b"x=1", "application/x-www-form-urlencoded", "no mail"),
        (b"x", "multipart/form-data", "cannot be read"),
    ],
)
def test_what_is_not_understood_is_said_in_a_sentence(post, sent, body, kind, words):
    response = post(body, kind=kind)
    assert response.status_code == 400
    assert words in response.content.decode() and response.content.count(b"\n") == 1
    assert states() == [State.SENT] * 3


def test_of_a_list_that_is_not_understood_nothing_is_noted(post, sent):
    assert post([{"message_id": sent[0].message_id, "kind": "bounced"}, {}]).status_code == 400
    assert states() == [State.SENT] * 3


def test_too_much_is_not_read(post, sent):
    assert post(b"x" * (1024 * 1024 + 1), kind="message/rfc822").status_code == 413


def test_only_post_reports(client, post):
    for method in (client.get, client.put, client.delete):
        response = method(HOOK, headers={"Authorization": f"Bearer {SECRET}"})
        assert (response.status_code, response["Allow"]) == (405, "POST")


@pytest.mark.parametrize("secret", ["short", "a" * 40])
def test_a_secret_that_can_be_guessed_stops_the_start(secret):
    with pytest.raises(ImproperlyConfigured, match="can be guessed") as raised:
        environment(BOUNCE_SECRET=secret).secret("BOUNCE_SECRET")
    assert secret not in str(raised.value)


# Mailboxes


def said(*arguments, **options):
    out = io.StringIO()
    call_command("read_bounces", *arguments, stdout=out, **options)
    return out.getvalue().strip()


def fill(box, sent):
    for name, message in zip(("postfix", "complaint", "out-of-office"), sent, strict=True):
        box.add(
            mailbox.mboxMessage(sample(name, message.message_id))
            if isinstance(box, mailbox.mbox)
            else sample(name, message.message_id)
        )
    box.flush()
    box.close()


@pytest.fixture(params=[mailbox.mbox, mailbox.Maildir])
def box(request, tmp_path, sent):
    where = tmp_path / "box"
    fill(request.param(where), sent)
    return request.param, where


def test_a_mailbox_is_read_once(box, sent):
    kind, where = box
    assert said(str(where)) == "3 mails read: 1 bounced, 0 delayed, 1 complained; 2 new to a message."
    assert states() == [State.BOUNCED, State.SENT, State.SENT]
    assert said(str(where)) == "0 mails read: 0 bounced, 0 delayed, 0 complained; 0 new to a message."
    assert len(kind(where)) == 3


def test_only_reports_are_deleted_and_only_when_told(box):
    kind, where = box
    assert said(str(where), delete=True).startswith("3 mails read")
    (left,) = kind(where)
    assert left["Subject"] == "Automatic reply: Please confirm"


def test_a_mail_is_read_from_a_pipe(sent, monkeypatch):
    def pipe(raw):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        return said("-")

    assert pipe(sample("exim-old", sent[0].message_id)) == "1 mail read: bounced; 1 new to a message."
    assert pipe(sample("exim-old", sent[0].message_id)) == "1 mail read: bounced; 0 new to a message."
    assert pipe(sample("out-of-office", sent[0].message_id)) == "1 mail read: no report; 0 new to a message."
    with pytest.raises(CommandError, match="no mail on the standard input"):
        pipe(b"\n")


@pytest.mark.parametrize(
    "where",
    [
        "/no/such/box",
        "imap://user:pass-word@127.0.0.1:9/INBOX",
        "imap://u:pass-word@[x/",
        "imap://u:x@h:pass-word/",
    ],
)
def test_a_mailbox_that_is_not_there_is_one_clear_line(db, where):
    with pytest.raises(CommandError) as raised:
        said(where)
    assert "cannot be read" in str(raised.value) and "\n" not in str(raised.value)
    assert "pass-word" not in str(raised.value)


def test_no_mailbox_at_all_is_said(db):
    with pytest.raises(CommandError, match="Name a mailbox"):
        said()


class Imap:
    """As much of RFC 3501 as a mailbox needs, on loopback: mails by UID, each with its flags."""

    def __init__(self, mails, password, plus=True):
        self.mails = {number * 7: [raw, set()] for number, raw in enumerate(mails, 1)}
        self.password, self.plus, self.peeked = password, plus, 0
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self.run, args=(ready,), daemon=True).start()
        assert ready.wait(10)

    def run(self, ready):
        async def serve():
            self.server = await asyncio.start_server(self.talk, "127.0.0.1", 0)
            self.port = self.server.sockets[0].getsockname()[1]
            ready.set()

        self.loop.run_until_complete(serve())
        self.loop.run_forever()

    def stop(self):
        def end():
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            self.server.close()
            self.loop.call_soon(self.loop.stop)

        self.loop.call_soon_threadsafe(end)

    async def talk(self, reader, writer):
        writer.write(b"* OK ready\r\n")
        while line := await reader.readline():
            tag, _space, command = line.decode().strip().partition(" ")
            ends = "OK done"
            for answer in self.answer(command):
                if answer.startswith("!"):
                    ends = answer[1:]
                else:
                    writer.write(answer.encode() + b"\r\n")
            writer.write(f"{tag} {ends}\r\n".encode())
            await writer.drain()
        writer.close()

    def answer(self, command):
        word = command.upper()
        if word == "CAPABILITY":
            yield "* CAPABILITY IMAP4rev1" + (" UIDPLUS" if self.plus else "")
        elif word.startswith("LOGIN"):
            if command.partition(" ")[2] != f'user@letters.example "{self.password}"':
                yield f"!NO [AUTHENTICATIONFAILED] not with {command}"
        elif word.startswith("SELECT"):
            if command != 'SELECT "Reports/in"':
                yield "!NO there is no such folder"
            yield f"* {len(self.mails)} EXISTS"
        elif word == "UID SEARCH UNSEEN":
            yield "* SEARCH " + " ".join(
                str(uid) for uid, (_raw, flags) in self.mails.items() if "\\Seen" not in flags
            )
        elif found := re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command):
            raw = self.mails[int(found[1])][0][: int(found[2])].decode()
            self.peeked += 1
            yield f"* 1 FETCH (UID {found[1]} BODY[]<0> {{{len(raw)}}}\r\n{raw})"
        elif found := re.fullmatch(r"UID STORE (\d+) \+FLAGS \((.*)\)", command):
            self.mails[int(found[1])][1].update(found[2].split())
        elif word.startswith(("UID EXPUNGE", "EXPUNGE")):
            assert word.startswith("UID") is self.plus
            self.mails = {uid: mail for uid, mail in self.mails.items() if "\\Deleted" not in mail[1]}
        elif word == "LOGOUT":
            yield "* BYE"
        else:
            yield f"!BAD {command}"


@pytest.fixture
def imap(sent):
    mails = [
        sample(name, one.message_id)
        for name, one in zip(("gmail", "exchange", "out-of-office"), sent, strict=True)
    ]
    server = Imap(mails, "p@ss word")
    yield server
    server.stop()


def address_of(imap, password="p%40ss%20word", folder="Reports/in"):
    return f"imap://user%40letters.example:{password}@127.0.0.1:{imap.port}/{folder}"


def test_an_imap_folder_is_read_once(imap, sent):
    assert said(address_of(imap)).startswith("3 mails read: 2 bounced, 0 delayed, 0 complained; 2 new")
    assert states() == [State.BOUNCED, State.BOUNCED, State.SENT]
    assert [flags for _raw, flags in imap.mails.values()] == [{"\\Seen"}] * 3
    assert said(address_of(imap)).startswith("0 mails read")
    assert imap.peeked == 3


@pytest.mark.parametrize("plus", [True, False])
def test_reports_are_deleted_on_the_server_when_told(imap, plus):
    imap.plus = plus
    said(address_of(imap), delete=True)
    assert list(imap.mails) == [21]


@pytest.mark.parametrize(
    ("password", "folder", "words"),
    [("wr0ng-one", "Reports/in", "AUTHENTICATIONFAILED"), ("p%40ss%20word", "Elsewhere", "no such folder")],
)
def test_an_imap_server_that_refuses_is_one_line_without_the_password(imap, password, folder, words):
    with pytest.raises(CommandError, match=words) as raised:
        said(address_of(imap, password, folder))
    assert "wr0ng-one" not in str(raised.value) and "p@ss" not in str(raised.value)


def test_the_worker_reads_the_mailbox_of_the_settings(imap, settings, now, caplog):
    assert (300, mailboxes.read_bounces) in TIMED
    assert mailboxes.read_bounces(at=now) == 0  # none is set
    settings.BOUNCE_MAILBOX = address_of(imap)
    assert mailboxes.read_bounces(at=now) == 3
    settings.BOUNCE_MAILBOX = address_of(imap, "wr0ng-one")
    assert mailboxes.read_bounces(at=now) == 0
    assert "cannot be read" in caplog.text and "wr0ng-one" not in caplog.text
