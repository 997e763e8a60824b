"""How mail looks, in the desk: one message as it was sent, and each kind with sample data."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from letters.mailsamples import SAMPLES, sample
from letters.wording import MESSAGES, about_mail

# Those that a reader, or the reader's mail program, makes something of.
HEADERS = ("Reply-To", "In-Reply-To", "Auto-Submitted", "Content-Language", "List-Unsubscribe")


class MailSamples:
    """Adds a page that shows each kind of message in each language."""

    admin_site: Any
    opts: Any
    has_view_permission: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.samples)
        own = path("samples/", view, name="letters_message_samples")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def samples(self, request: HttpRequest) -> HttpResponse:
        """One kind in one language, as the address asks; the first of each where it asks for none there is."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        languages = dict(settings.LANGUAGES)
        kinds = {kind: about_mail(kind) for kind in MESSAGES if kind in SAMPLES}
        kind = request.GET.get("kind", "")
        language = request.GET.get("language", "")
        kind = kind if kind in kinds else next(iter(kinds))
        language = language if language in languages else settings.LANGUAGE_CODE
        mail = sample(kind, language)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("How each message looks"),
            "kinds": kinds,
            "languages": languages,
            "kind": kind,
            "language": language,
            "shown": shown(mail, beside=True),
        }
        return TemplateResponse(request, "admin/letters/message/samples.html", context)


def shown(mail: EmailMultiAlternatives, *, beside: bool = False) -> SafeString:
    """A message: its subject and headers, its HTML in a frame in which nothing runs and no link leads anywhere, and its
    text, ``beside`` the frame or folded below it."""
    headers = {"Reply-To": ", ".join(mail.reply_to), **mail.extra_headers}
    context = {
        "subject": mail.subject,
        "headers": [(name, headers[name]) for name in HEADERS if headers.get(name)],
        "html": next((content for content, form in mail.alternatives if form == "text/html"), ""),
        "text": mail.body,
        "beside": beside,
        "attachments": [attached.filename for attached in mail.attachments],
    }
    return render_to_string("admin/letters/message/_shown.html", context)
