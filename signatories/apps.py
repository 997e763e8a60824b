"""Who signs: organisations, signatures, lists read and matched."""

from django.apps import AppConfig


class SignatoriesConfig(AppConfig):
    name = "signatories"
    verbose_name = "Signatories"
