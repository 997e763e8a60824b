"""The desk of signatures: the review queue, the directory, imported lists, and the letters' page with what waits."""

from signatories.admin import about, doubles, importing, inviting, letter, merging, organisation, signature

__all__ = ["about", "doubles", "importing", "inviting", "letter", "merging", "organisation", "signature"]
