"""The desk of signatures: the review queue, the directory, and the letters' page with what waits."""

from signatories.admin import about, letter, organisation, signature

__all__ = ["about", "letter", "organisation", "signature"]
