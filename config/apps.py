"""The desk: Django's admin with our name on it."""

from django.contrib.admin.apps import AdminConfig


class UndersignedAdminConfig(AdminConfig):
    default_site = "config.desk.Desk"
