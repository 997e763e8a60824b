"""The desk's site: Django's admin with our name, what waits on its first page, and no way past the services."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from letters.models import Event, Message, Switch
from letters.network import client_address
from signatories.models import ImportBatch, PossibleDouble, Signature
from signatories.services import limits

# The order of the first page: what is used most comes first.
ORDER = (
    "Letter",
    "Delivery",
    "Response",
    "Update",
    "Topic",
    "Message",
    "Event",
    "TextVersion",
    "Switch",
    "Signature",
    "Invitation",
    "Organisation",
    "ImportBatch",
    "PossibleDouble",
    "Merge",
    "User",
)


class LoginForm(AdminAuthenticationForm):
    """Signing in, with a limit on how often it may fail from one address. A name has none of its own: else anybody could
    keep an editor out by failing in that name."""

    def clean(self) -> dict[str, Any]:
        tries = [limits.Limit("login-address", client_address(self.request), settings.LOGIN_LIMIT)]
        at = timezone.now()
        if limits.count(tries, at=at):
            raise ValidationError(
                _("There were too many tries to sign in. Please wait an hour."), code="limited"
            )
        cleaned = super().clean()
        limits.give_back(tries, at=at)  # it was no failure
        return cleaned


class Desk(AdminSite):
    login_form = LoginForm
    site_title = settings.SITE_NAME
    site_header = settings.SITE_NAME
    index_title = _("The desk")
    site_url = "/"
    # The lists need the width; what is used most stands in the header.
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # Deleting many at once would go past the services.
        self.disable_action("delete_selected")

    def get_urls(self) -> list[Any]:
        # Django's way from a row to its public page tells the address of a letter to people who may not see letters.
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        listed = super().get_app_list(request, app_label)
        for app in listed:
            app["name"] = _("People") if app["app_label"] == "auth" else app["name"]
            app["models"].sort(
                key=lambda model: (
                    ORDER.index(model["object_name"]) if model["object_name"] in ORDER else len(ORDER)
                )
            )
        return sorted(
            listed,
            key=lambda app: (
                ("letters", "signatories").index(app["app_label"])
                if app["app_label"] in ("letters", "signatories")
                else 2
            ),
        )

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"waits": waits(request), "recent": recent(request), "now": timezone.now()}
        return super().index(request, context | (extra_context or {}))


def waits(request: HttpRequest) -> list[dict[str, str]]:
    """What waits for this person: signatures to review, mail that failed; each with its words and address."""
    found = []
    if request.user.has_perm("signatories.review_signature"):
        n = Signature.objects.waiting().count()
        words = ngettext("%(n)s signature waits for review", "%(n)s signatures wait for review", n) % {"n": n}
        found += [{"words": words, "url": reverse("admin:signatories_signature_changelist")}] if n else []
    if request.user.has_perm("signatories.change_signature"):
        n = ImportBatch.objects.filter(state=ImportBatch.State.PREVIEW).count()
        words = ngettext("%(n)s list waits to be looked at", "%(n)s lists wait to be looked at", n) % {"n": n}
        url = reverse("admin:signatories_importbatch_changelist") + "?state__exact=preview"
        found += [{"words": words, "url": url}] if n else []
    if request.user.has_perm("signatories.change_organisation"):
        n = PossibleDouble.objects.open().count()
        words = ngettext("%(n)s pair of possible doubles", "%(n)s pairs of possible doubles", n) % {"n": n}
        url = reverse("admin:signatories_possibledouble_changelist")
        found += [{"words": words, "url": url}] if n else []
    if request.user.has_perm("letters.view_message"):
        found += mail_that_waits()
    if request.user.has_perm("letters.view_switch"):
        for switch in Switch.objects.filter(stopped=True):
            words = _("Stopped: %(what)s") % {"what": switch}
            found.append({"words": words, "url": reverse("admin:letters_switch_change", args=[switch.pk])})
    return found


def mail_that_waits() -> list[dict[str, str]]:
    """Mail that somebody has to look into."""
    failed, bounced = (Message.objects.filter(state=state).count() for state in ("failed", "bounced"))
    said = (
        ("failed", failed, ngettext("%(n)s message failed", "%(n)s messages failed", failed)),
        ("bounced", bounced, ngettext("%(n)s message came back", "%(n)s messages came back", bounced)),
    )
    url = reverse("admin:letters_message_changelist")
    return [
        {"words": words % {"n": n}, "url": f"{url}?state__exact={state}"} for state, n, words in said if n
    ]


def recent(request: HttpRequest) -> Any:
    """The last things that this person did, for those who may read the record."""
    if not request.user.has_perm("letters.view_event"):
        return []
    events = Event.objects.filter(actor=request.user.pk)
    return (
        events.select_related("letter__current_version")
        .prefetch_related("letter__texts")
        .order_by("-id")[:10]
    )
