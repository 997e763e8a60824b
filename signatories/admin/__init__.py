"""The desk of signatures: the review queue, the directory, imported lists, and the letters' page with what waits."""

from signatories.admin import about, importing, letter, organisation, signature

__all__ = ["about", "importing", "letter", "organisation", "signature"]
