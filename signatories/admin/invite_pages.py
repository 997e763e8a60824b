"""The desk's pages of inviting: saying whom, seeing who is left out, looking at the exact message, sending and reminding."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from letters import outbox
from letters.admin.mail_shown import shown as mail_shown
from letters.admin.shown import change_url, in_zone
from letters.compose import compose
from letters.models import Letter
from letters.public import moment
from letters.services.errors import Refused
from letters.typed import whole, wholes
from signatories import emails
from signatories.admin.invite_forms import MOST_LETTERS, SendForm, WhomForm
from signatories.export import csv_lines
from signatories.models import Invitation
from signatories.reading import Unreadable
from signatories.reading.addresses import Addresses, read_address_file, read_addresses
from signatories.services import invitees, inviting

State, Source = Invitation.State, Invitation.Source
CHOSEN = "invite_organisations"  # in the session: what was ticked in the directory
WAY = (_l("Say whom"), _l("See how it was read, and who is left out"), _l("Look at the message, and send"))
NAMED = 500  # lines of a report
EXPORTED = (
    "organisation", "person", "country", "email", "language", "state", "prepared", "sent", "reminded", "opened", "declined", "word", "letter",
)  # fmt: skip


class InvitePages:
    """The part of ``InvitationAdmin`` that is pages of their own."""

    # --- Whom

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        letters = inviting_letters(request)
        wanted = whole(request.GET.get("letter"))
        letter = letters.filter(pk=wanted).first() if wanted else None
        chosen = request.session.pop(CHOSEN, "") if request.method == "GET" else ""
        language = letter.language.partition("-")[0] if letter else ""
        initial = {"letter": letter and letter.pk, "organisations": chosen, "language": language}
        form = WhomForm(
            request.POST or None,
            request.FILES or None,
            initial=initial,
            letters=letters,
            earlier=signed_letters(letter),
        )
        if request.method == "POST" and form.is_valid():
            try:
                return self.prepared(request, form.cleaned_data)
            except Unreadable as error:
                form.add_error("file", str(error))
            except Refused as refusal:
                form.add_error("letter", str(refusal))
        ticked = form.cleaned_data.get("organisations", []) if form.is_bound else invitees_of(chosen)
        context = self.page_context(request, _("Invite to sign"), letter) | {
            "form": form,
            "directory_url": reverse("admin:signatories_organisation_changelist"),
            "ticked": ticked[:20],
            "more": max(len(ticked) - 20, 0),
            "steps": WAY,
        }
        status = 422 if form.is_bound and form.errors else 200
        return TemplateResponse(request, "admin/signatories/invitation/add.html", context, status=status)

    def page_context(self, request: HttpRequest, title: str, letter: Letter | None) -> dict[str, Any]:
        back = reverse("admin:signatories_invitation_changelist")
        return {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "opts": self.opts,  # type: ignore[attr-defined]
            "title": title,
            "letter": letter,
            "letter_url": change_url(letter) if letter else "",
            "back": f"{back}?letter={letter.pk}" if letter else back,
        }

    def prepared(self, request: HttpRequest, data: dict[str, Any]) -> HttpResponse:
        """Prepares what the form says, and tells who was left out and why."""
        letter, at = data["letter"], moment(request)
        read = addresses_of(data)
        found, without = invitees.of_organisations(data["organisations"])
        sources: list[tuple[str, list[invitees.Invitee]]] = [
            (Source.ADDRESSES, invitees.of_addresses(read.found)),
            (Source.DIRECTORY, found),
            (Source.LETTERS, invitees.of_letters(data["letters"])),
        ]
        made: list[Invitation] = []
        left = [(str(row), _("no address is known")) for row in without]
        left += [
            (_("Line %(n)s: %(words)s") % {"n": n, "words": words[:120]}, _("no address in it"))
            for n, words in read.without
        ]
        for source, rows in sources:
            if rows:
                done = inviting.prepare(
                    letter,
                    rows,
                    source=source,
                    language=data["language"],
                    actor=request.user,  # type: ignore[arg-type]
                    at=at,
                )
                made, left = made + done.made, left + done.left
        context = self.page_context(request, _("Invitations prepared"), letter) | {
            "made": len(made),
            "rows": made[:NAMED],
            "unread": max(len(made) - NAMED, 0),
            "steps": WAY,
            "left": left[:NAMED],
            "more": max(len(left) - NAMED, 0),
            "send_url": reverse("admin:signatories_invitation_send") + f"?letter={letter.pk}",
        }
        return TemplateResponse(request, "admin/signatories/invitation/prepared.html", context)

    # --- Sending and reminding

    def for_one_letter(self, request: HttpRequest, rows: Any, *, again: bool) -> HttpResponse | None:
        """From the ticked rows to the page that sends them, if they are of one letter."""
        found = list(rows.values_list("pk", "letter"))
        letters = {letter for _pk, letter in found}
        if len(letters) != 1:
            words = (
                _("Choose invitations of one letter: filter the list by it.")
                if letters
                else (_("None of these is silent.") if again else _("None of these is prepared and unsent."))
            )
            self.message_user(request, words, messages.WARNING)  # type: ignore[attr-defined]
            return None
        letter = Letter.objects.select_related("current_version").get(pk=letters.pop())
        ids = ",".join(str(pk) for pk, _letter in found)
        return self.send_page(request, letter, again=again, ids=ids, form=None)

    def send_view(self, request: HttpRequest) -> HttpResponse:
        """GET shows the exact message; POST sends a test, or all."""
        if not self.has_add_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        letter = (
            Letter.objects.select_related("current_version")
            .filter(pk=whole(request.GET.get("letter")) or 0)
            .first()
        )
        if letter is None:
            raise Http404
        again = "again" in request.GET
        if request.method != "POST":
            return self.send_page(request, letter, again=again, ids="", form=None)
        ids = request.POST.get("ids", "")
        languages = self.languages(letter, again=again, ids=ids)
        form = SendForm(request.POST, letter=letter, languages=languages, again=again)
        if form.is_valid() and request.POST.get("act") in ("test", "send"):
            try:
                return self.sent(request, letter, form, again=again)
            except Refused as refusal:
                form.add_error(None, str(refusal))
        return self.send_page(request, letter, again=again, ids=ids, form=form)

    def sent(self, request: HttpRequest, letter: Letter, form: SendForm, *, again: bool) -> HttpResponse:
        data, at = form.cleaned_data, moment(request)
        if request.POST["act"] == "test":
            return self.tested(request, letter, form, again=again)
        options = {"chosen": data["ids"], "words": form.words(), "per_minute": data["per_minute"]}
        if again:
            n = inviting.remind(letter, **options, actor=request.user, at=at)  # type: ignore[arg-type]
            words = ngettext("%(n)s reminder is queued.", "%(n)s reminders are queued.", n)
        else:
            n = inviting.send(letter, **options, send_at=data["when"], actor=request.user, at=at)  # type: ignore[arg-type]
            words = ngettext("%(n)s invitation is queued.", "%(n)s invitations are queued.", n)
            if data["when"]:
                words += " " + _("They go from %(when)s on.") % {"when": in_zone(data["when"], letter)}
        self.message_user(request, words % {"n": n}, messages.SUCCESS)  # type: ignore[attr-defined]
        return redirect(reverse("admin:signatories_invitation_changelist") + f"?letter={letter.pk}")

    def tested(self, request: HttpRequest, letter: Letter, form: SendForm, *, again: bool) -> HttpResponse:
        """Sends the message of each language to the editor's own address; its links are of nobody's invitation."""
        to = getattr(request.user, "email", "")
        if not to:
            raise Refused(_("Your account has no e-mail address; an administrator can give it one."))
        at, words = moment(request), form.words()
        samples = self.samples(letter, again=again, ids=request.POST.get("ids", ""))
        lead = inviting.leading(letter)
        for row in samples:
            own = words.get(row.language, "")
            made = emails.invitation_sample(row, words=own, leading=lead, again=again, to=to)
            outbox.queue(**made, at=at)
        said = ngettext("A test message goes to %(to)s.", "%(n)s test messages go to %(to)s.", len(samples))
        said += " " + _("Their links open nothing.")
        self.message_user(request, said % {"n": len(samples), "to": to}, messages.SUCCESS)  # type: ignore[attr-defined]
        return self.send_page(
            request, letter, again=again, ids=request.POST.get("ids", ""), form=form, status=200
        )

    def send_page(
        self,
        request: HttpRequest,
        letter: Letter,
        *,
        again: bool,
        ids: str,
        form: SendForm | None,
        status: int | None = None,
    ) -> HttpResponse:
        rows = self.rows(letter, again=again, ids=ids)
        samples = self.samples(letter, again=again, ids=ids)
        form = form or SendForm(
            initial={"ids": ids},
            letter=letter,
            languages=[row.language for row in samples],
            again=again,
        )
        own = form.words() if form.is_bound else {}
        shown, lead = [], inviting.leading(letter)
        for row in samples:
            words = own.get(row.language, "")
            made = emails.invitation_sample(row, words=words, leading=lead, again=again)
            mail = compose(outbox.written(**made, at=moment(request)), redacted=True)
            shown.append({"row": row, "mail": mail_shown(mail)})
        title = _("Remind the silent") if again else _("Send invitations")
        context = self.page_context(request, title, letter) | {
            "form": form,
            "again": again,
            "count": rows.count(),
            "shown": shown,
            "action": reverse("admin:signatories_invitation_send")
            + f"?letter={letter.pk}"
            + ("&again=1" if again else ""),
            "steps": WAY,
            "silent": again and letter.invitations.silent().exists(),  # type: ignore[attr-defined]
            "no_contact": not letter.contact_email,
            "me": getattr(request.user, "email", ""),
            "why_not": inviting.why_not(letter, at=moment(request)),
        }
        status = status or (422 if form.is_bound and form.errors else 200)
        return TemplateResponse(request, "admin/signatories/invitation/send.html", context, status=status)

    def rows(self, letter: Letter, *, again: bool, ids: str) -> Any:
        """What the page is about: the chosen ones of those that can be sent or reminded."""
        own = letter.invitations  # type: ignore[attr-defined]
        found = own.to_remind(timezone.now()) if again else own.in_state(State.PREPARED)
        chosen = wholes(ids)
        return found.filter(pk__in=chosen) if ids else found

    def samples(self, letter: Letter, *, again: bool, ids: str) -> list[Invitation]:
        """The first invitation of each language."""
        rows = self.rows(letter, again=again, ids=ids)
        firsts: dict[str, int] = {}
        for pk, language in rows.order_by("language", "pk").values_list("pk", "language"):
            firsts.setdefault(language, pk)
        found = list(Invitation.objects.filter(pk__in=firsts.values()).order_by("language"))
        for row in found:
            row.letter = letter
        return found

    def languages(self, letter: Letter, *, again: bool, ids: str) -> list[str]:
        return [row.language for row in self.samples(letter, again=again, ids=ids)]

    def revoke_many(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        """First says how many; then, once sure, revokes them by the same service as one."""
        if not request.POST.get("sure"):
            ids = ",".join(map(str, rows.values_list("pk", flat=True)))
            context = self.page_context(request, _("Revoke invitations"), None) | {
                "ids": ids,
                "count": rows.count(),
                "action": request.get_full_path(),
                "checkbox_name": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/signatories/invitation/revoke.html", context)
        numbers = wholes(request.POST.get("ids", ""))
        rows, done, left = Invitation.objects.filter(pk__in=numbers).select_related("letter"), 0, []
        for row in rows:
            try:
                inviting.revoke(row, actor=request.user, at=moment(request))  # type: ignore[arg-type]
                done += 1
            except Refused as refusal:
                left.append(f"{row}: {refusal}")
        words = ngettext("%(n)s invitation is revoked.", "%(n)s invitations are revoked.", done)
        self.message_user(request, words % {"n": done}, messages.SUCCESS if done else messages.INFO)  # type: ignore[attr-defined]
        if left:
            self.message_user(request, " ".join([_("Not done:"), *left[:10]]), messages.WARNING)  # type: ignore[attr-defined]
        return None

    # --- Export

    def export_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """The list as it is filtered, as CSV whose cells run as no formula."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        changelist = self.get_changelist_instance(request)  # type: ignore[attr-defined]
        rows = changelist.get_queryset(request).order_by("id").prefetch_related("letter__texts")
        response = StreamingHttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="invitations.csv"'
        response["Cache-Control"] = "no-store"
        return response


def addresses_of(data: dict[str, Any]) -> Addresses:
    """What was pasted or uploaded. Raises ``Unreadable``."""
    if data["file"]:
        return read_address_file(data["file"].name, data["file"].read())
    return read_addresses(data["text"] or "")


def invitees_of(chosen: str) -> list[Any]:
    """The organisations of the numbers that the session kept."""
    form = WhomForm({"organisations": chosen}, letters=Letter.objects.none(), earlier=Letter.objects.none())
    form.is_valid()
    return form.cleaned_data.get("organisations", [])


def inviting_letters(request: HttpRequest) -> QuerySet[Letter]:
    """Letters to which somebody can be invited, the newest first."""
    stages = (Letter.Stage.CIRCULATING, Letter.Stage.PUBLISHED)
    rows = Letter.objects.filter(stage__in=stages).exclude(closes_at__lte=moment(request))
    return rows.select_related("current_version").order_by("-created_at", "-id")


def signed_letters(letter: Letter | None) -> QuerySet[Letter]:
    """Letters that somebody has signed whose address is still kept, but for the one itself."""
    rows = Letter.objects.filter(signatures__representative__isnull=False)
    rows = rows.exclude(pk=letter.pk) if letter is not None else rows
    newest = rows.order_by("-id").values("pk").distinct()[:MOST_LETTERS]
    return (
        Letter.objects.filter(pk__in=list(newest.values_list("pk", flat=True)))
        .select_related("current_version")
        .order_by("-id")
    )


def as_csv(rows: QuerySet[Invitation]) -> Iterator[str]:
    """The lines of the export; times in UTC, to the second."""

    def when(moment: Any) -> str | None:
        return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else None

    found = (
        (
            row.organisation_name, row.person_name, row.country, row.email, row.language, row.state, when(row.made_at),
            when(row.message.sent_at if row.message else None), when(row.reminded_at), when(row.opened_at), when(row.declined_at),
            row.declined_word, row.letter,
        )
        for row in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    return csv_lines(EXPORTED, found)
