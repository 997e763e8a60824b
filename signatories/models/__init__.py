"""Who signs. Import the rows from here."""

from signatories.models.counts import RateCount, Tally
from signatories.models.doubles import Merge, OldAddress, PossibleDouble
from signatories.models.importing import ImportBatch, ImportRow
from signatories.models.organisation import Domain, MatchKey, Organisation, OrganisationName
from signatories.models.person import Key, Representative
from signatories.models.signature import Signature
from signatories.models.telling import Telling
from signatories.models.waiting import WaitingList

__all__ = [
    "Domain",
    "ImportBatch",
    "ImportRow",
    "Key",
    "MatchKey",
    "Merge",
    "OldAddress",
    "Organisation",
    "OrganisationName",
    "PossibleDouble",
    "RateCount",
    "Representative",
    "Signature",
    "Tally",
    "Telling",
    "WaitingList",
]
