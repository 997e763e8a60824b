"""The desk's site: Django's admin with our name, its pages never kept by a cache."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class Desk(AdminSite):
    site_title = settings.SITE_NAME
    site_header = settings.SITE_NAME
    index_title = _("The desk")
    site_url = "/"
    enable_nav_sidebar = True
