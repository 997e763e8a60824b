"""“New letter from a document” in the desk: the document is read, each part shown with how sure it is, and a draft made."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from js_asset import Media, Script

from letters.admin.shown import change_url, mark
from letters.models import Letter
from letters.public import moment
from letters.services.errors import Refused
from signatories.admin.document_forms import (
    Account,
    AddresseeForms,
    DocumentForm,
    PartsForm,
    initial_of,
    people_of,
)
from signatories.admin.reading_shown import shown_list
from signatories.documents import ReadAddressee, ReadLetter
from signatories.documents.wording import SURENESS, of_left_out, of_mark
from signatories.services.documents import find_earlier, import_document

SIGNS = {"sure": "known", "guess": "other", "absent": "none"}
BEFORE = ("title", "language", "date", "place")
AFTER = ("subject", "salutation", "body", "closing", "standfirst", "credit", "topic")


@dataclass(frozen=True)
class Part:
    """A field of the form and how sure what stands in it is."""

    field: BoundField
    sure: SafeString | str
    how: str
    words: str


@dataclass(frozen=True)
class Sure:
    """How sure a part is that has no single field."""

    sure: SafeString | str
    how: str
    words: str


class LetterDocuments:
    """Adds the pages of a new letter from a document to the letters' page of the desk."""

    admin_site: Any
    opts: Any
    has_add_permission: Any
    message_user: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.from_document)
        own = path("from-document/", view, name="letters_letter_from_document")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def from_document(self, request: HttpRequest) -> HttpResponse:
        """Asks for the document; a POST of one shows what was read; a POST of that makes the draft. Until then nothing is
        stored: everything travels with the form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST" and "reading" in request.POST:
            return self.make(request)
        form = DocumentForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            document = form.document
            parts = PartsForm(initial=initial_of(document, form.source))
            people = AddresseeForms(initial=people_of(document), prefix="addressees")
            account = Account.of(document, form.source)
            return self.parts_page(request, parts, people, account, earlier=find_earlier(document))
        context = self.document_context(request) | {"form": form}
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/letters/letter/from_document.html", context, status=status)

    def make(self, request: HttpRequest) -> HttpResponse:
        """Makes the draft of what was read and mended, or shows it again."""
        parts = PartsForm(request.POST)
        people = AddresseeForms(request.POST, prefix="addressees")
        valid = parts.is_valid() & people.is_valid()
        account = parts.account
        if account is None:
            self.message_user(
                request, _("This page was not sent whole; choose the document anew."), messages.ERROR
            )
            return HttpResponseRedirect(request.path)
        earlier = None
        if valid and "_again" not in request.POST:
            document = parts.document(_people(people))
            earlier = find_earlier(document)
            if earlier is None and (letter := self.made(request, document, parts, account)):
                return HttpResponseRedirect(change_url(letter))
        return self.parts_page(request, parts, people, account, earlier=earlier)

    def made(
        self, request: HttpRequest, document: ReadLetter, form: PartsForm, account: Account
    ) -> Letter | None:
        """The new draft; None where it was refused, which the form then says."""
        try:
            letter, notes = import_document(
                document,
                publish=False,
                actor=request.user,
                at=moment(request),
                source=account.source,  # type: ignore[arg-type]
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return None
        said = _("The draft is made. Read it once more, then open it for signing.")
        self.message_user(request, said, messages.SUCCESS)
        if notes:  # one message, however many lines were left out
            said = format_html_join(SafeString("<br>"), "{}", ((note,) for note in notes))
            self.message_user(request, said, messages.WARNING)
        return letter

    def parts_page(
        self,
        request: HttpRequest,
        form: PartsForm,
        people: Any,
        account: Account,
        *,
        earlier: Letter | None,
    ) -> HttpResponse:
        scripts = Media(js=[Script("js/desk-form.js", defer=True), Script("js/desk-paste.js", defer=True)])
        # The editor's import map is an inline script; the nonce lets it pass the policy of the page.
        media = Media.from_media(form.media + scripts).with_nonce(str(request.csp_nonce))  # type: ignore[attr-defined]
        again = "_again" in request.POST
        context = self.document_context(request) | {
            "form": form,
            "people": people,
            "before": [_part(form, name, account) for name in BEFORE],
            "after": [_part(form, name, account) for name in AFTER],
            "addressees": _sure(account, "addressees"),
            "listed": _sure(account, "signatories"),
            "list": shown_list(str(form["signatories"].value() or "")),
            "left_out": [of_left_out(item, account.unit) for item in account.left_out],
            "source": account.source,
            "earlier": earlier,
            "earlier_url": change_url(earlier) if earlier else "",
            "media": media,
            "again": again,
        }
        wrong = form.is_bound and not again and (form.errors or people.errors or earlier)
        status = 422 if wrong else 200
        return TemplateResponse(request, "admin/letters/letter/parts.html", context, status=status)

    def document_context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("New letter from a document"),
            "has_view_permission": True,
        }


def _sure(account: Account, part: str) -> Sure:
    found = account.marks[part]
    return Sure(mark(SIGNS[found.sure], SURENESS[found.sure]), of_mark(found, account.unit), found.words)


def _part(form: forms.BaseForm, name: str, account: Account) -> Part:
    if name not in account.marks:
        return Part(form[name], "", "", "")
    found = _sure(account, name)
    return Part(form[name], found.sure, found.how, found.words)


def _people(rows: Any) -> list[ReadAddressee]:
    return [person for row in rows if (person := row.person()) is not None]
