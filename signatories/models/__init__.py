"""Who signs. Import the rows from here."""

from signatories.models.organisation import Domain, Organisation, OrganisationName
from signatories.models.signature import Key, RateCount, Representative, Signature, Tally

__all__ = [
    "Domain",
    "Key",
    "Organisation",
    "OrganisationName",
    "RateCount",
    "Representative",
    "Signature",
    "Tally",
]
