"""E-mail addresses and domains: what may count as proof of an organisation, and what never does."""

import re
from functools import cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

# Providers that give an address to anybody; mail from them proves a person, never an organisation.
FREE_MAIL = frozenset(
    """
    126.com 139.com 163.com aim.com aliyun.com alice.it aol.com att.net bigpond.com bk.ru bluewin.ch btinternet.com
    centrum.cz comcast.net cox.net daum.net disroot.org duck.com email.com email.cz fastmail.com fastmail.fm
    foxmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.fr gmx.net googlemail.com hanmail.net
    hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com inbox.lv
    inbox.ru interia.pl laposte.net libero.it list.ru live.co.uk live.com live.fr live.nl mac.com mail.com mail.de
    mail.ru mailbox.org mailfence.com me.com msn.com naver.com o2.pl onet.pl op.pl orange.fr outlook.com outlook.de
    outlook.es outlook.fr pm.me posteo.de posteo.net proton.me protonmail.ch protonmail.com qq.com rambler.ru
    rediffmail.com riseup.net rocketmail.com runbox.com sbcglobal.net seznam.cz sfr.fr sina.cn sina.com sohu.com
    t-online.de terra.com.br tiscali.it tutamail.com tutanota.com tuta.io ukr.net uol.com.br verizon.net virgilio.it
    wanadoo.fr web.de wp.pl ya.ru yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br yahoo.de
    yahoo.es yahoo.fr yahoo.in yahoo.it yandex.com yandex.ru ymail.com zoho.com
    """.split()
)
# Providers with a domain in many countries: yahoo.com.ar, hotmail.be.
EVERYWHERE = frozenset("gmx googlemail hotmail live msn outlook rocketmail yahoo yandex ymail".split())
NATIONAL = re.compile(r"com|(?:com?\.)?[a-z]{2}")
# Providers that deliver to one box whatever dots or +tags an address carries (by their own help pages).
DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
TAGGED = {
    "outlook.com",
    "hotmail.com",
    "live.com",
    "icloud.com",
    "me.com",
    "proton.me",
    "protonmail.com",
    "pm.me",
    "fastmail.com",
}


def domain_of(email: str) -> str:
    """The part after the last @, lower-case, in ASCII (IDNA) form; empty when there is none."""
    return ascii_domain(email.rpartition("@")[2]) if "@" in email else ""


def host_of(website: str) -> str:
    """The host of a web address without ``www.``; empty when there is none."""
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    except ValueError:
        return ""
    return ascii_domain(host).removeprefix("www.")


def ascii_domain(domain: str) -> str:
    """A domain in lower case and ASCII; what cannot be put so comes back in lower case."""
    domain = domain.strip().strip(".").lower()
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


@cache
def _suffixes() -> PublicSuffixList:
    # Reading the list takes a moment: only those who ask pay for it.
    return PublicSuffixList()


def proves_nothing(domain: str) -> bool:
    """Whether anybody can have an address there: a free-mail provider, one of its domains in a country, or a suffix under
    which anybody registers (by the Public Suffix List: "co.uk", "github.io")."""
    if domain in FREE_MAIL:
        return True
    registered = _suffixes().privatesuffix(domain)
    if registered is None:
        return True
    brand, _dot, ending = registered.partition(".")
    return brand in EVERYWHERE and NATIONAL.fullmatch(ending) is not None


def belongs(email: str, domains: list[str]) -> bool:
    """Whether the address is at one of the domains or below one; free-mail domains never count."""
    domain = domain_of(email)
    at_home = [own for own in domains if own and (domain == own or domain.endswith("." + own))]
    return bool(domain) and not proves_nothing(domain) and any(not proves_nothing(own) for own in at_home)


def counted_email(email: str) -> str:
    """The address as it counts for limits: without a +tag, which most servers ignore."""
    local, _, domain = canonical_email(email).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def canonical_email(email: str) -> str:
    """The address by which the same person is known again: lower case, without what its provider ignores."""
    local, _, domain = email.strip().lower().rpartition("@")
    domain = ascii_domain(domain)
    if domain in DOTLESS:
        return f"{local.partition('+')[0].replace('.', '')}@{DOTLESS[domain]}"
    if domain in TAGGED:
        local = local.partition("+")[0]
    return f"{local}@{domain}"
