"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """The site's name, logo and address, as the operator set them."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_LOGO": settings.SITE_LOGO,
        "SITE_URL": settings.SITE_URL,
        "DEBUG": settings.DEBUG,
    }
