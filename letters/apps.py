"""The letter: texts, versions, its life, its pages and its mail."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "letters"
    verbose_name = "Letters"
