"""A copy of what is stored about whoever signed, by the private link of the signature."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from letters.public import key_page, moment
from signatories.copies import copy_of
from signatories.models import Key
from signatories.services import by_link
from signatories.views.signing import dead_link


@key_page
@require_safe
def signature_data(request: HttpRequest, key: str) -> HttpResponse:
    """Everything stored, as a file of readable JSON."""
    found = by_link.find_by_key(key, Key.Purpose.MANAGE)
    if found is None:
        return dead_link(request)
    about = _(
        "This is what this site stores about you for this signature, on the day it was made. Times are in UTC; the headings are in English, so that a program can read them. Whoever has this file knows what you know: keep it as you keep the link."
    )
    data = {"about": about} | copy_of(found.signature, at=moment(request))
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="signature-data.json"'
    return response
