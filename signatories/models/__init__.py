"""Who signs. Import the rows from here."""

from signatories.models.counts import RateCount, Tally
from signatories.models.doubles import Merge, OldAddress, PossibleDouble
from signatories.models.importing import ImportBatch, ImportRow
from signatories.models.invitation import (
    Contact,
    DigestSetting,
    Invitation,
    InvitationReminder,
    NoInvitations,
)
from signatories.models.organisation import Domain, MatchKey, Organisation, OrganisationName
from signatories.models.person import Key, Representative
from signatories.models.signature import Signature
from signatories.models.telling import Telling
from signatories.models.waiting import WaitingList

__all__ = [
    "Contact",
    "DigestSetting",
    "Domain",
    "ImportBatch",
    "ImportRow",
    "Invitation",
    "InvitationReminder",
    "Key",
    "MatchKey",
    "Merge",
    "NoInvitations",
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
