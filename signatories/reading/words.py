"""The words by which headings, credits, roles and legal forms are known, in many languages."""

import re

from signatories.matching import fold

from .model import Kind


def _any(phrases: str) -> str:
    return "|".join(re.escape(fold(p)).replace(r"\ ", r"\s+") for p in phrases.split(", "))


# A short line with one of these begins the list. Matched on folded text.
LIST_HEADING = re.compile(
    r"(?<!\w)(?:"
    + _any(
        "initiated by, initiators, convened by, launched by, premiers signataires, a l'initiative de,"
        " promosso da, promueven, convocan, initiatoren, inicijator, backed by,"
        " signator, signatures, signees, signed by, signed on by, cosignator, co-signed by, undersigned,"
        " endorsed by, endorsing organi, supported by, initiating organi, signataire, signe par, signee par,"
        " soussign, firmantes, firmatari, a firmare sono, firman, firmado por, suscriben, adhieren, firmato"
        " da,"
        " sottoscritto da, aderiscono, assinam, assinado por, signatari, subscrevem, unterzeichn,"
        " gezeichnet von,"
        " gezeichnet, mitzeichn, erstunterzeichn, ondertekenaar, ondertekend door, podpisal, podpisane przez,"
        " sygnatariusz, подписали, подписанты, подписи, подписалі, підписали, підписанти, imzaci, imzacı, imzalayan, imzalayıcı,"
        " podrzali, potpisuj, potpisnic, potpisnik, podepsan, signatarer, undertecknare, underskrive, allekirjoittaj,"
        " csatlakozo, alairo, ditandatangani, penandatangan, المنظمات الموقعة, الموقعون, الموقعين, الموقعات,"
        " صادر عن, التوقيعات, الجمعيات الموقعة, الأطراف الموقعة, وقع على, وقعت على, 連署, 连署, 聯署, 联署, 簽署, 签署, 署名, 賛同団体, 賛同者,"
        " 呼びかけ団体, 參與團體, 发起机构, 參與組織, 참가단체, 참여단체, 서명단체, 연명단체, 연대단체, 참가 단체, 참여 단체, 연명 단체,"
        " υπογραφ, συνυπογραφ, חתומים, החותמים, ארגונים חותמים, hanno firmato, hanno aderito, adesioni:, prime adesioni,"
        " sottoscri, subscrib, suscrib, organizaciones firmante, se adhieren, assinatur, subscrit, assinantes,"
        " ondertekend, ondertekening, podpisy, podpisani, podpisali, podepsali, signatari, semnatar, semneaza, semnat de,"
        " підписант, undertegn, undertegnede, skriver under, medunderteck, alairta, alairok, list of endors,"
        " list of organi, list of supporters, list of support, endorsements, endorsers, sign-ons, sign ons, signers,"
        " sign-on organi, participating organi, agreed by, on behalf of:, on behalf of the following, in alliance with,"
        " organisations signataires, appel signe, liste des signat, mitzeichner, zeichner, unterstutzende organi,"
        " destekleyen kurum, destekleyenler, katilimci, ky ten, cac to chuc, penandatang, ditandatangan, yang bertanda tangan,"
        " nagsasanib, lumagda"
    ).replace("|\\ ", "|")
    + r")"
)

# Headings under which those stand who joined others: the others stand above.
SUPPORT_HEADING = re.compile(
    r"(?<!\w)(?:"
    + _any(
        "supported by, endorsed by, also signed by, with the support of, cosignator, co-signator, podrzali,"
        " podrzavaju, soutenu par, avec le soutien, cosignataires, con el apoyo, apoyan, adhieren, con il sostegno,"
        " aderiscono, unterstutzt von, mitunterzeichn, com o apoio, apoiam, apel wspieraja, wspieraja, поддержали,"
        " підтримали, destekleyen, ondersteund door, stottes av, stods av, tuke, supporters, بدعم"
    ).replace("|\\ ", "|")
    + r")"
)

# A closing formula alone on its line: the list of those who sign follows it.
CLOSING = re.compile(
    r"^(?:signed|sign[ée]|firmado|firmato|gezeichnet|yours\s+(?:very\s+)?(?:sincerely|faithfully|truly)|(?:most\s+)?(?:sincerely"
    r"|respectfully)(?:\s+(?:yours|submitted))?"
    r"|(?:with\s+)?(?:kind|best|warm)\s+regards|in\s+solidarity|(?:mit\s+)?(?:freundlichen"
    r"|solidarischen)\s+grußen"
    r"|mit freundlichen grussen|hochachtungsvoll|veuillez\s+agreer.*|atentamente|cordialmente"
    r"|respetuosamente|cordiali\s+saluti"
    r"|distinti\s+saluti|atenciosamente|respeitosamente|с\s+уважением|وتفضلوا\s+بقبول.*|saygilarimizla"
    r"|z\s+powazaniem"
    r"|salutations(?:\s+\w+)*|cordialement|respectueusement|met\s+vriendelijke\s+groet(?:en)?)\s*[,:.،]?$"
)

GROUP_KIND: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "individual",
        re.compile(
            r"individual|persons|people|personnes|personalit|personnalit|personas|persone|personen|experts?\b"
            r"|academics|scholars|einzelpersonen|indivíd|individu|физические лица|أفراد|شخصيات|個人"
        ),
    ),
    (
        "organisation",
        re.compile(
            r"organi[sz]+a|associations?\b|groups?\b|ngos?\b|associac|asociacion|associazioni|verband|verbände"
            r"|vereine|организаци|منظمات|المنظمات|團體|団体|conveners?|societ[yi]|coalition|networks?\b"
            r"|unions?\b|szervezet"
        ),
    ),
)

CREDIT = re.compile(
    r"^(?:(?:cover|header|main|title)\s+)?(?:photos?|photograph|pictures?|images?|fotos?|fotografia|zdjecie"
    r"|bild|bilder|cr[ée]dits?|illustration"
    r"|imagen|imagem|immagine|kuva|фото|صورة|الصورة|撮影|圖片)(?:\s+(?:credits?|by|courtesy|credito"
    r"|credit))*\s*[:©/]|^(?:©|\(c\)\s)"
)
# Lines that stand round a list on a page and are nobody's name. Matched on folded text.
PAGE_FURNITURE = re.compile(
    r"^(?:for\s+(?:any\s+)?(?:more|further|questions|media|press|enquir|inquir)|contacts?\b[^,:]{0,30}(?::|$)"
    r"|contact\s+(?:us|person|details)\b|press\s+contact|media\s+(?:contact|enquir)"
    r"|pour\s+(?:plus|toute)|para\s+(?:mas|más|obtener)|per\s+(?:ulteriori|informazioni)|ufficio\s+stampa"
    r"|kontakt|pressekontakt"
    r"|phone|tel(?:ephone|efono)?\b\s*[.:]|e-?mail\s*:|share\s*(?:$|:|this|on\b)|condividi|udostepnij"
    r"|partager|compartir|teilen|paylas"
    r"|download|telecharger|descargar|scarica|pdf\w*|read\s+\d+|read\s+(?:more|the\s+full)"
    r"|see\s+(?:the\s+)?(?:full|more|also)|view\s+all|related\s+(?:articles|posts|news|links|content)"
    r"|c\.?c\.?\s*:|(?:blind\s+)?copy\s+to\b|copies?\s*:|copie\s+a\b|c/c\s*:|in\s+kopie\b|encl(?:osures?|\.)?\s*(?:\(|:|$)"
    r"|(?:please\s+)?(?:add|click)\s+(?:your|here)\b|(?:to\s+)?(?:add|sign|support)\s+(?:your|this)\b"
    r"|(?:all\s+the\s+best|best(?:\s+wishes)?|(?:many\s+)?thanks(?:\s+(?:all|everyone|again))?|thank\s+you|cheers|regards)\s*[,!.]*$"
    r"|donate(?:\s+now)?$|sign\s+the\s+(?:letter|petition|statement|appeal)$|(?:\d+\s+){2,}(?:…\s*)?(?:\d+\s+)?(?:next|>|»)"
    r"|tags?\s*:"
    r"|published\b|publie\s+le|updated\s+on|posted\b|last\s+updated|copyright|all\s+rights\s+reserved"
    r"|notes?\s*(?::|$)|(?:editor'?s?'?\s+)?notes?\s+(?:to|for)\s+(?:the\s+)?(?:editors?|media|press)|background\s*(?::|$)"
    r"|editors?'?s?\s+note|ends$|about\s+(?:us|the\s+authors?)\b|(?:a propos|sobre nosotros|chi siamo|uber uns)\s*:?$"
    r"|nota\s+(?:a|para)\s+(?:los|os|la)\b|anmerkung(?:en)?\s*(?::|$)|follow\s+us|related\s*:|back$|next$|previous$"
    r"|(?:re)?tweet$|like\s+this|leave\s+a\s+(?:reply|comment)|\d*\s*comments?$|newsletter|cookies?\b|privacy\s+policy|terms\s+of"
    r"|skip\s+to|log\s?in$|footnotes?\s*(?::|$)|annex\s*(?::|\d|$)"
    r"|le texte de|back\s+to\s+top|print\s*(?:$|this|page)|[^,]{0,50},\s*\d{4,6}\s+\w|http\S*$|www\.\S*$"
    r"|\S+@\S+$|\[\^?\w+\]:|powered\s+by|subscribe|sign\s+up|follow\s+us)",
)

ROLES = frozenset(
    fold(
        "vd kanslichef förbundsordförande riksordförande sekreterare styrelseledamot leiter leiterin referent referentin"
        " sekretariatsleiter hauptgeschäftsführer obmann obfrau přednosta místopředseda jednatel mluvčí tajemník wiceprezes"
        " prezeska dyrektorka koordynator koordynatorka radca alelnök ügyvezető szóvivő titkár viceprezident secretar"
        " general-sekretær talsperson direktør-adjunkt hallituksen pääsihteeri sözcü sözcüsü genel koordinatör"
        " γενικός γραμματέας συντονιστής sekjen direktris koordinator juru wakil secretário secretária vereadora vereador"
        " président-directeur administratrice administrateur bestuurder directrice-générale chargé chargée animateur animatrice"
        " gérant gérante référente référent vicepresidenta apoderado vocal presidentessa vicepresidentessa coordinatore"
        " referente delegata delegato responsabile attivisti viceprésident lead chief warden vicar moderator superior"
        " provincial archbishop cardinal chancellor vice-chancellor provost registrar organiser organizer strategist"
        " president presidente presidenta vice-president vice-presidente vicepresident vicepresidente"
        " vice-présidente vice-président"
        " présidente président co-président co-présidente coprésident coprésidente chair chairman"
        " chairwoman chairperson co-chair co-chairs"
        " vice-chair director co-director directors direttore direttrice directora directeur directrice"
        " co-directeur co-directrice"
        " directør direktor direktorin diretor diretora secretary secretary-general secrétaire secretario"
        " secretaria segretario segretaria"
        " general-secretary sekretär generalsekretär porte-parole co-porte-parole portavoz portavoce"
        " porta-voz spokesman spokeswoman"
        " spokesperson sprecher sprecherin coordinator co-ordinator coordinatrice coordinateur coordinador"
        " coordinadora coordenador"
        " coordenadora coordinatore koordinator professor profesor profesora professore professoressa prof"
        " lecturer lawyer lawyers attorney"
        " barrister solicitor avocat avocate abogado abogada avvocato advogado advogada rechtsanwalt"
        " rechtsanwältin jurist jurista juriste"
        " journalist journaliste periodista giornalista jornalista writer author auteur autrice écrivain"
        " écrivaine escritor escritora"
        " scrittore scrittrice autor autora schriftsteller schriftstellerin activist activista attivista"
        " ativista militante militant"
        " actor actriz actress attore attrice acteur actrice filmmaker cineasta cinéaste musician músico"
        " composer cantautor cantante"
        " cantor singer artist artista artiste curator economist économiste economista economist politólogo"
        " politologue politologist"
        " sociologist sociologue sociólogo sociologo historian historien historienne historiador"
        " historiadora philosopher philosophe"
        " filósofo founder co-founder cofounder founders fondateur fondatrice fundador fundadora fondatore"
        " fondatrice"
        " member members membre miembro membro mitglied delegate délégué déléguée co-délégué co-déléguée"
        " deleguée co-deleguée delegado"
        " delegada responsable responsible representative representante représentant représentante"
        " rappresentante vertreter vertreterin"
        " head leader co-leader manager officer ceo cto cfo coo advisor adviser conseiller conseillère"
        " consejero consultant counsel editor"
        " broadcaster comedian researcher chercheur chercheuse investigador investigadora ricercatore"
        " ricercatrice pesquisador pesquisadora"
        " scientist engineer ingénieur programmer developer analyst candidate student advocate campaigner"
        " educator teacher maestra maestro"
        " physician doctor médico médica médecin nurse psychologist psicólogo psicóloga diplomat ambassador"
        " ambassadrice ambassadeur embajador"
        " embajadora minister ministre ministro ministra senator sénateur sénatrice senador senadora"
        " senatore mp mep deputy député députée"
        " diputado diputada deputado deputada deputato eurodeputy councillor mayor maire alcalde alcaldesa"
        " judge juge juez magistrado"
        " magistrada magistrato magistrat poet poète poeta photographer photographe fotógrafo fellow dean"
        " defender publisher player participant rector rettore emeritus emerita emérito"
        " treasurer trésorier trésorière tesorero businessperson specialist expert experte experta esperto"
        " anchor host winner blogger"
        " commissioner convener convenor rapporteur trustee principal partner designer architect priest"
        " bishop rabbi imam farmer worker"
        " председатель сопредседатель директор член руководитель президент координатор профессор журналист"
        " журналистка адвокат писатель"
        " правозащитник правозащитница юрист эксперт сопредседательница основатель исполнительный"
        " رئيس رئيسة مدير مديرة عضو محامي محامية كاتب كاتبة صحفي صحفية ناشط ناشطة أستاذ أستاذة باحث باحثة"
        " منسق منسقة"
        " başkan başkanı direktör direktörü avukat gazeteci yazar predsednik predsednica direktorka novinar"
        " novinarka prezes dyrektor dziennikarz"
        " elnök elnöke igazgató igazgatója ügyvéd újságíró ordförande forskare direktör generalsekreterare styreleder leder"
        " forsker formand generalsekretær puheenjohtaja toiminnanjohtaja johtaja hoogleraar voorzitter woordvoerder"
        " bestuurslid onderzoeker schrijver advocaat vorsitzender vorsitzende geschäftsführer geschäftsführerin vorstand"
        " journalistin professorin anwalt anwältin künstler künstlerin wissenschaftler wissenschaftlerin autorin forscher"
        " pfarrer bürgermeister bürgermeisterin abgeordnete abgeordneter przewodniczący przewodnicząca rzecznik"
        " rzeczniczka adwokat dziennikarka předseda předsedkyně ředitel ředitelka advokat președinte președintă avocat"
        " jurnalist πρόεδρος διευθυντής δικηγόρος δημοσιογράφος ketua direktur голова співголова журналіст журналістка"
        " правозахисник директорка pastor pastora chaplain ministra océanographe biologist biologiste economista geographer"
        " géographe urbaniste architecte architect arquitecto arquitecta musicien musicienne filmemacher regisseur"
        " regisseurin enseignant enseignante militantes syndicaliste sindicalista antropóloga antropólogo anthropologist"
        " anthropologue reporter correspondent columnist"
    ).split()
)

# Words that go with a role noun: "executive director", "former national president".
ROLE_ADJECTIVES = frozenset(
    fold(
        "executive general national international regional senior junior honorary deputy vice acting former"
        " past immediate founding"
        " co associate assistant adjunct emeritus managing legal human rights policy programme program"
        " media communications campaign"
        " chief operating financial independent freelance général générale exécutif exécutive national"
        " nationale ejecutivo ejecutiva"
        " nacional general esecutivo esecutiva nazionale generale honoraire federal fédéral political"
        " criminal defence professorial"
        " board visiting policy research digital software technology liaison"
    ).split()
)

# Offices of one who speaks for an organisation, and callings that stand before a lost name. Singular only.
HEAD_OFFICES = frozenset(
    fold(
        "president presidente presidenta présidente président vice-president co-president chair chairman"
        " chairwoman chairperson co-chair director directora directeur directrice direttore direttrice diretor"
        " diretora direktor direktorin secretary secretary-general secrétaire secretario secretaria segretario"
        " segretaria sekretär porte-parole portavoz portavoce porta-voz spokesman spokeswoman spokesperson"
        " sprecher sprecherin coordinator coordinatrice coordinateur coordinador coordinadora coordenador"
        " coordenadora koordinator ceo head geschäftsführer geschäftsführerin vorsitzender vorsitzende"
        " председатель сопредседатель директор руководитель президент رئيس رئيسة başkan başkanı predsednik"
        " predsednica prezes elnök avocat avocate abogado abogada avvocato advogado attorney barrister professor"
        " professeur profesor profesora"
    ).split()
)

# In languages without a word for "of": bodies within an organisation, and organisations written small.
ORGANS_IN_GENITIVE = frozenset(
    fold(
        "совета правления коллегии президиума комитета ради управи zarządu rady odbora odboru výboru"
    ).split()
)
ORGANISATIONS_IN_GENITIVE = frozenset(
    fold(
        "движения фонда центра организации союза общества ассоциации группы объединения партии института сети"
        " проекта коалиции руху фонду союзу товариства fundacji stowarzyszenia związku instytutu udruženja centra"
        " fonda pokreta organizacije"
    ).split()
)

# Words that only an organisation's name has. A name with one of them is never taken for a person's.
ORGANISATION_WORDS = frozenset(
    fold(
        "madres abuelas familiares mujeres jóvenes trabajadores trabajadoras vecinos vecinas ciudadanos pueblos mothers"
        " grandmothers fathers parents families citizens neighbours neighbors residents victims survivors farmers fishers"
        " femmes mères parents familles citoyens citoyennes jeunes étudiants usagers habitants riverains donne madri"
        " famiglie giovani cittadini studenti frauen mütter eltern jugend bürger studierende mulheres mães moradores"
        " estudantes trabalhadores línea syndicats council's charity ministry ministries parish diocese congregation"
        " consortium konsortium think-tank taskforce hub lab clinic clinique archive archives museum library theatre"
        " radio ecologistas ecologists greens verdi grünen"
        " association associations asociación asociacion associação associazione organisation organization"
        " organización organização"
        " organizzazione organisations organizations foundation fundación fundacion fundação fondation"
        " fondazione fundacja stiftung stichting"
        " fundatia center centre centro centar zentrum centrum institute institut instituto istituto"
        " instytut network netzwerk réseau red rede rete"
        " netwerk mreža union unión união unione gewerkschaft syndicat sindicato sindacato federation"
        " fédération federación federação federazione"
        " confederation confédération confederación confederação council conseil consejo conselho rat"
        " committee comité comitato comitê komitet"
        " commission comisión comissão coalition coalición coalizão koalicija alliance alianza aliança"
        " alleanza movement mouvement movimiento"
        " movimento bewegung group groupe grupo gruppo gruppe society société sociedad sociedade società"
        " gesellschaft initiative initiativa"
        " inicijativa iniciativa project projet proyecto projeto progetto projekt campaign watch"
        " international internationale internacional"
        " action forum house service services rights droits derechos direitos diritti justice trust fund"
        " fonds fondo fond club collective collectif"
        " colectivo coletivo collettivo verein verband bund bundesverband university université universidad"
        " universidade università college school"
        " ligue liga league amnesty greenpeace oxfam agency agence agencia agência team party partei"
        " partido church environment europe africa asia"
        " america australia france deutschland italia españa research press media digital global world"
        " women youth peace freedom democracy"
        " odbor udruženje udruga stowarzyszenie derneği vakfı platformu platform plataforma plateforme dom"
        " labour labor solidarity solidarité"
        " föreningen förening foreningen forening förbundet förbund forbundet forbund instituttet institutet nätverket"
        " nettverk netværk stiftelsen stiftelse vereniging vakbond beweging liitto yhdistys säätiö egyesület egyesülete"
        " alapítvány szövetség társaság intézet asociația fundația rețeaua δίκτυο ένωση σύλλογος κέντρο οργάνωση spolek"
        " nadace sdružení svaz towarzystwo związek zentrum aliansi jaringan perkumpulan ikatan sendikası merkezi"
        " girişimi birliği bündnis friends amis amigos amici freunde vrienden venner vänner"
        " núcleo nucleo secretariado secretaría observatorio observatório observatoire observatory asamblea"
        " assembleia assembly comune comunità comunidad comunidade communauté community"
        " collaborative partnership cooperative coop company gmbh inc ltd llc law lawyers legal workers"
        " students jobs"
        " association's фонд центр комитет движение общество союз организация институт группа جمعية منظمة"
        " مركز مؤسسة شبكة المركز المنظمة"
        " الجمعية الرابطة رابطة اتحاد الاتحاد نقابة النقابة حركة ائتلاف لجنة تحالف منتدى المنتدى المؤسسة"
        " الشبكة yayasan lembaga"
    ).split()
)

# Nouns with which the name of an organisation begins and says what kind of body it is.
GENERIC_NOUNS = frozenset(
    fold(
        "association asociación associação associazione centre center centro institute institut instituto istituto"
        " comisión commission comissão commissione comité committee comitê comitato coalition coalición coalizão"
        " network réseau red rede rete movement movimiento movimento mouvement council consejo conselho foundation"
        " fundación fundação fondation fondazione observatorio observatório observatoire forum foro fórum grupo"
        " group groupe gruppo colectivo coletivo collectif collettivo initiative iniciativa union unión união"
    ).split()
)

TITLES = re.compile(
    r"^(?:the\s+)?(?:(?:emeritus|associate|assistant|assoc\.?|asst\.?|rt\.?|right|most|very)\s+)?(?:dr|prof|professor|profa|dra|professeur|mr|mrs|ms|mx|sir"
    r"|dame|lord|lady|father|sister|rev|reverend"
    r"|bishop|rabbi|imam|sheikh|senator|senatore|hon|mme|baroness|baron|viscount|revd|canon|cllr|councillor|herr|frau|sig|sr|sra|dott|dott\.ssa|avv|ing|judge"
    r"|ambassador|me|д-р|проф|د)"
    r"(?:\.|\s|(?<=د)/)",
    re.IGNORECASE,
)

PARTICLES = frozenset(
    "de del della di da do dos das du des van von der den ter ten zu la le el al bin ben ibn bint y e i a"
    " af av abu o d lo los las".split()
)

CAPACITY = re.compile(
    r",\s+(?P<note>(?:under|on\s+behalf\s+of|for\s+identification|in\s+(?:his|her|their)\s+(?:personal"
    r"|individual)|in\s+(?:a\s+)?personal|in\s+the\s+framework\s+of|dans\s+le\s+cadre|en\s+el\s+marco|nell['’]ambito"
    r"|im\s+rahmen|as\s+part\s+of|u\s+okviru"
    r"|member\s+of|members\s+of|a\s+member\s+of|representing|hosted\s+by|au\s+nom\s+d|membre\s+d"
    r"|en\s+nombre\s+d|en\s+representación"
    r"|miembro\s+d|im\s+namen|mitglied\s+d|czlonek|członek|član|a\s+nome\s+d|membro\s+d|в\s+рамках"
    r"|член)\b.*)$",
    re.IGNORECASE,
)

LEGAL_FORM = re.compile(
    r"^(?:e\.?\s?v\.?|z\.?\s?s\.?|a\.?\s?c\.?|inc\.?|incorporated|ltd\.?|limited|llc|cic|asbl|aisbl"
    r"|a\.?s\.?b\.?l\.?|vzw|gmbh|ggmbh|s\.?a\.?|s\.?l\.?"
    r"|onlus|odv|aps|plc|corp\.?|co\.?|ngo|ong|u\.?d\.?|m\.?b\.?|z\.?\s?ú\.?|o\.?\s?s\.?|o\.?p\.?s\.?"
    r"|n\.?o\.?|pty\.?|bv|b\.v\.|ry|rf|sarl|npo)$",
    re.IGNORECASE,
)
