"""What helps to decide on a signature: its e-mail's domain against what is known of the organisation. Pure functions."""

from typing import Any

from django.utils.translation import gettext as _

from signatories.domains import belongs, domain_of, host_of, proves_nothing
from signatories.models import Signature


def domain_verdict(signature: Signature) -> tuple[str, str, str]:
    """(code, domain, words) for the representative's e-mail. The codes: ``directory`` (one of the organisation's own
    domains), ``website`` (what nobody has verified: the site given with the signature, or the directory's entry), ``free`` (anybody can have
    such an address), ``other``, ``none`` (erased)."""
    person = getattr(signature, "representative", None)
    if person is None:
        return "none", "", _("no e-mail is kept")
    domain, organisation = domain_of(person.email), signature.organisation
    if proves_nothing(domain):
        return "free", domain, _("free-mail")
    if organisation is not None and belongs(person.email, [row.domain for row in organisation.domains.all()]):
        if organisation.is_known:
            return "directory", domain, _("matches the directory")
        return "website", domain, _("matches the directory, not verified")
    if organisation is not None and organisation.is_known and _at(person.email, organisation.website):
        return "directory", domain, _("matches the directory’s website")
    if _at(person.email, signature.website):
        return "website", domain, _("matches the website given")
    return "other", domain, _("other")


def _at(email: str, website: str) -> bool:
    host = host_of(website) if website else ""
    return bool(host) and belongs(email, [host])


def standing(signature: Signature) -> tuple[str, str]:
    """(code, words) for the organisation in the directory: known, new, or an individual."""
    organisation: Any = signature.organisation
    if organisation is None:
        return "none", _("individual")
    return ("known", _("known")) if organisation.is_known else ("new", _("new"))
