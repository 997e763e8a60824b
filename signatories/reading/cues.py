"""The words and marks by which a sentence leads to the names in it, joins them and goes on after them."""

import re

CUE = re.compile(
    r"(?:signed|endorsed|supported|backed|issued|released|initiated)\s+by\b|\bsignatories[^.:;]{0,40}:"
    r"|\bsign[ée]e?s?\s+par\b|\bà\s+savoir\b"
    r"|\b(?:groups|organi[sz]ations|members|signatories|others|coalition)\b[^.:;,]{0,40}?\b(?:includes?|are"
    r"|comprised\s+of|made\s+up\s+of)\b"
    r"|\ba\s+firmare\s+sono\b|\b(?:firmat|sottoscritt|sostenut)[oaie]\s+da(?:l|i|gli|lle|lla)?\b|\bpromoss[oaie]\s+da\b|\baderiscono\b|\bassociazioni\s*:"
    r"|\ble\s+organizzazioni\b|\bfirma(?:n|da\s+por|do\s+por)?\b"
    r"|\bentre\s+otr[oa]s\b|\bassinad[oa]\s+por\b|\bpodpisa\w+\b(?:\s+organizacje)?|\bподписал[аи]?\b"
    r"|\bпідписали\b|\bkoju\s+čine\b"
    r"|\bsoutenue?s?\s+par\b|\b(?:suscrit|respaldad|subscrit|apoiad)[oa]s?\s+por\b|\b(?:mitgetragen|unterstützt)\s+von\b"
    r"|\b(?:undertecknat|underskrevet|støttet|stöds)\s+av\b|\bpodepsal[iy]\b|\bpotpisal[ei]\b|\bimzala\w+|\bunterzeichnet\s+von\b|\bgezeichnet\s+von\b|\bondertekend\s+door\b"
    r"|\b(?:bileşenleri|üyeleri)\b|\bditandatangani\s+oleh\b"
    r"|\bdinyatakan\s+bersama\s+dengan\b|كل\s+من|صادر\s+عن|署名[^:：]{0,12}[:：]",
    re.IGNORECASE,
)
INNER_BULLET = re.compile(r"(?:^|\s)[•●▪◦■►]\s*|\s\|\s")
INNER_NUMBER = re.compile(r"(?:^|\s)\(?(\d{1,4})[.)]\s+(?=\S)")
SEPARATOR = re.compile(r"[,;،؛、，；]")
MOST_CUES = 8  # in one line; no real sentence has more, and each costs a reading of the rest of the line
SENTENCE = re.compile(r"(?<=[^\W\d_]{3})(?<![Pp]rof)[.!?]|(?<=[)\"»”’])[.!?]|[。۔]")
TAIL = re.compile(
    r",?\s+(?:who\s|which\s|with\s+(?:the\s+)?(?:assistance|support|help)\b|among(?:st)?\s+others"
    r"|entre\s+otr[oa]s\b|tra\s+(?:gli\s+)?altri"
    r"|(?:and|et|y|e|und|i|и|ve|en)\s+(?:(?:more|plus|más|mehr|over|über|oltre|mais|bolee|более)\s+(?:than\s+|de\s+|di\s+|als\s+)?)?\d+\s"
    r"|(?:et\s+d['’]autres|y\s+otr[oa]s|e\s+altr[ei]|e\s+outr[oa]s|und\s+(?:weitere|andere)|i\s+(?:drug[ei]|inne)"
    r"|и\s+други[ех]|ve\s+diğer|en\s+andere)\b"
    r"|(?:but|ma|mais|pero|mas|aber)\s+(?:not|non|pas|no|não|nicht)\b|and\s+(?:many\s+)?others\b|et\s+al\b|hanno\s|ont\s+|have\s+|has\s+|han\s+|lewat\s|melalui\s)",
)
LEAD = re.compile(
    r"^[\s:：,–-]*(?:(?:się|se)\s*:|(?:the\s+)?following(?:\s+\w+)?\s*:|the(?=\s+[A-Z])|entre\s+otr[oa]s\s*,?\s*(?:de\b)?"
    r"|(?:les|le|gli|las|los)\s+(?:organi\w+|associa\w+|ong)"
    r"(?:\s+(?:non\s+governativ\w+|no\s+gubernamental\w+))?(?=\s+[A-Z])|de(?=\s+[A-Z]))[\s:]*",
    re.IGNORECASE,
)
ARTICLE = re.compile(r"^(?:the|la|el|los|las|il|gli|lo|os?)\s+(?=[A-ZÀ-Þ\"“«])")
CONJUNCTION = re.compile(
    r"^(?:(?:and|et|y|e|und|i|oraz|ve|ile|dan|serta|и|та|й|en|&|og|och|samt|ja|sekä|és|valamint|și|şi|και|ir|un"
    r"|lan|a(?=\s+[A-ZÀ-Þ]))\s+|(?:以及|及び|および|และ)\s*)"
)
LAST_JOIN = re.compile(
    r"\s+(?:and|et|y|e|ed|und|i|oraz|ve|ile|dan|и|та|serta|og|och|samt|sekä|és|valamint|și|şi|και|as\s+well\s+as|ainsi\s+que|sowie)\s+(?=\S)"
)
# "en" joins in Dutch alone.
LAST_JOIN_DUTCH = re.compile(LAST_JOIN.pattern + r"|\s+(?:en|alsmede)\s+(?=\S)")
DUTCH = re.compile(
    r"\b(?:van|voor|het|stichting|vereniging)\b|\w(?:atie|ties|schap|heid|bond|werk|ij|ijk|ijke)\b|[Nn]ederland|[Vv]laams"
)
LEADING_OTHERS = re.compile(
    r"^(?:così\s+come|nonché|as\s+well\s+as|ainsi\s+que|así\s+como|sowie|bem\s+como|assim\s+como|а\s+также|а\s+також"
    r"|a\s+także|jakož\s+i|kao\s+i|alsmede|evenals|samt|liksom|valamint|precum\s+și|καθώς\s+και|ayrıca)\s+",
    re.IGNORECASE,
)
# A separator that was lost or of another kind: "… (ABC) Other Name (DEF)", "… (ABC), Other Name".
RUN_TOGETHER = re.compile(r"(?<=\))\s+(?=[A-Z][^()]*\([A-Z]{2,}\)$)|(?<=\)),\s+(?=[A-Z]\w+\s\w+\s)")
TOWN = re.compile(
    r"^(?P<name>.*?[^,\s]),\s+(?P<town>[A-ZÀ-ÞА-Я][^,;()\"«»]{2,40}(?:,\s+[A-ZÀ-ÞА-Я][^,;()\"«»]{2,40}){0,2})$"
)
# "nine branches of X", "dei giudici di X": what is said of a name before it, in small letters.
SAID_BEFORE = re.compile(
    r"^(?P<said>(?:[^\W\d_A-ZÀ-Þ]+\s+){1,3}(?:of|de|del|des|du|di|della|dei|delle|dell['’]|d['’]|do|da|von)\s*)"
    r"(?=[A-ZÀ-ÞА-Я\"«“])"
)
# "… and X of the Y Network": what all names before it belong to.
OF_ALL = re.compile(
    r"\s+(?P<all>(?:del|della|of\s+the|de\s+la|du|do|da)\s+(?:Tavolo|Rete|Coalizione|Coordinamento|Coalition|Network"
    r"|Alliance|Platform|Red|Réseau|Collectif|Plateforme|Plataforma|Coalición|Coalizão|Rede)\b.*)$"
)
# The second half of a name that lists things: "Centre for Memory, | Truth and Justice of Y".
SECOND_HALF = re.compile(r"^[A-ZÀ-Þ][a-zà-ÿ]+\s+(?:and|y|e|et|und|i)\s+[A-ZÀ-Þ][a-zà-ÿ]+\b")
DESCRIBED = re.compile(
    r"^(?:of|de|del|dei|degli|della|delle|du|des|dos|das|do|da)\s+(?:the\s+)?[^\W\d_A-ZÀ-Þ]+$"
)
HEADED = re.compile(r"^[^:：,;、]{2,110}(?:[:：]\s+|：\s*)(?=\S)")
QUOTES = re.compile(r"^[\"“”«»„](?P<inner>[^\"“”«»„]*)[\"“”«»„]?$")
