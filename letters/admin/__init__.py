"""The desk of letters. The app that has signatures extends the letters' page; see ``signatories.admin.letter``."""

from letters.admin import deliveries, following, letter, mail, people, record

__all__ = ["deliveries", "following", "letter", "mail", "people", "record"]
