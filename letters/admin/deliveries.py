"""Deliveries in the desk: recorded by a step of their letter, and only to be read here."""

from typing import Any

from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from letters import keys
from letters.admin.base import ReadOnlyAdmin
from letters.admin.shown import DASH, change_link, in_zone
from letters.following import files_of
from letters.models import Delivery
from letters.proof import TYPES
from letters.templatetags.lettering import file_words

VIEW = "letters.view_letter"


class OfLetters:
    """Rows that belong to a letter: who may see or change the letter may see or change them."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(VIEW))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(VIEW))

    @admin.display(description=_l("letter"))
    def letter_shown(self, row: Any) -> SafeString:
        return change_link(row.letter)


@admin.register(Delivery)
class DeliveryAdmin(OfLetters, ReadOnlyAdmin):
    """Deliveries are recorded by a step of their letter and never change."""

    list_display = ("delivered_on", "to_whom", "letter_shown", "signature_count")
    list_select_related = ("letter__current_version",)
    search_fields = ("to_whom", "letter__slug", "code")
    search_help_text = _l("To whom, address of the letter, code")
    ordering = ("-created_at",)
    fields = ("letter_shown", "number", "delivered_on", "to_whom", "how", "note", "counts_shown", "text_shown", "code_shown", "recorded_shown", "files_shown")  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.file)
        return [path("<int:pk>/files/<str:name>", view, name="letters_delivery_file"), *super().get_urls()]

    def file(self, request: HttpRequest, pk: int, name: str) -> FileResponse:
        """A file of the snapshot, whether the letter is public or not (any more)."""
        delivery = self.found(request, str(pk))
        row = next((row for row in files_of(delivery) if row.name == name and row.digest), None)
        if row is None:
            raise Http404
        shown_as = f"{delivery.letter.slug}-delivery-{delivery.number}-{name}"
        return FileResponse(
            row.file.open("rb"), as_attachment=True, filename=shown_as, content_type=TYPES[row.form]
        )  # type: ignore[index]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    @admin.display(description=_l("signatures"))
    def counts_shown(self, delivery: Delivery) -> str:
        if not delivery.withheld_count:
            return str(delivery.signature_count)
        words = _("%(all)s, %(n)s of them withheld")
        return words % {"all": delivery.signature_count, "n": delivery.withheld_count}

    @admin.display(description=_l("text version"))
    def text_shown(self, delivery: Delivery) -> SafeString:
        return change_link(delivery.version, delivery.version.number)

    @admin.display(description=_l("code"))
    def code_shown(self, delivery: Delivery) -> SafeString:
        code = keys.grouped_code(delivery.code)
        return format_html('<a href="{}">{}</a>', reverse("verify", args=[delivery.code]), code)

    @admin.display(description=_l("recorded"))
    def recorded_shown(self, delivery: Delivery) -> str:
        words = _("%(when)s by %(who)s")
        return words % {"when": in_zone(delivery.created_at, delivery.letter), "who": delivery.by or DASH}

    @admin.display(description=_l("files"))
    def files_shown(self, delivery: Delivery) -> SafeString:
        return file_table(delivery)


def file_table(delivery: Delivery) -> SafeString:
    """The files of a delivery with size and digest; those that are not made yet say so."""
    rows = []
    for row in files_of(delivery):
        if row.digest:
            url = reverse("admin:letters_delivery_file", args=[delivery.pk, row.name])
            name = format_html('<a href="{}">{}</a>', url, file_words(row))
            rows.append((name, row.size, format_html('<span class="desk-digest">{}</span>', row.digest)))
        else:
            rows.append((file_words(row), DASH, _("is being made by the worker")))
    head = format_html(
        "<thead><tr><th scope='col'>{}</th><th scope='col'>{}</th><th scope='col'>SHA-256</th></tr></thead>", _("File"), _("Bytes")
    )  # fmt: skip
    body = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td></tr>", rows)
    return format_html('<table class="desk-table">{}<tbody>{}</tbody></table>', head, body)
