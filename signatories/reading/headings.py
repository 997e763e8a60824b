"""The column headings by which a table's columns are known, in the words of forms and spreadsheets."""

import re

from signatories.matching import fold

# What a column can be. "name" is a signatory of either kind, "person" an organisation's representative or, where no
# column holds organisations, the signatory; "consent" and "withhold" are answered with yes or no. "email" and
# "website" are known so that nothing else is made of them, and reach no entry.
FIELDS = (
    "name",
    "organisation",
    "acronym",
    "country",
    "person",
    "given",
    "surname",
    "role",
    "affiliation",
    "kind",
    "group",
    "note",
    "consent",
    "withhold",
    "email",
    "website",
)


def _split(phrases: str) -> tuple[str, ...]:
    return tuple(phrases.split(", "))


# Whole headings by meaning; "ignored" are those known to be none of the fields.
HEADINGS: dict[str, tuple[str, ...]] = {
    "acronym": _split(
        "acronym, abbreviation, sigle, acronyme, siglas, sigla, abkürzung, kürzel, аббревиатура, اختصار, acronimo,"
        " acrónimo, acrônimo, اسم مختصر, сокращение, 缩写, 縮寫, 简称, 簡稱"
    ),
    "country": _split(
        "country, pays, país, paese, land, страна, الدولة, البلد, country code, país de origen, دولة, بلد, 国家, 國家,"
        " 国家/地区, 國家/地區, 国别"
    ),
    "role": _split(
        "role, position, job title, function, title, fonction, cargo, puesto, funktion, rolle, должность, المنصب,"
        " الصفة, job, job role, poste, qualité, ruolo, carica, função, posición, 职务, 職務, 职位, 職位, 职称, 職稱, 头衔, 頭銜,"
        " الوظيفة"
    ),
    "given": _split("first name, given name, prénom, vorname, nombre de pila, имя и отчество, 名"),
    "surname": _split(
        "last name, surname, family name, nom de famille, apellidos, nachname, фамилия, cognome, sobrenome,"
        " apellido, 姓, اسم العائلة"
    ),
    "person": _split(
        "representative, person, contact person, full name, your name, signatory name, représentant, personne,"
        " representante, persona, vertreter, vertretung, ansprechpartner, представитель, الممثل, nom complet,"
        " nombre completo, representative_name, representative name, contact, contact name, nome completo,"
        " rappresentante, ваше имя, фио, имя представителя, اسم الممثل, الاسم الكامل, 姓名, 联系人, 聯絡人, 代表, 代表姓名, 您的姓名"
    ),
    "organisation": _split(
        "organisation, organization, firma, company, entreprise, empresa, organisation name, organization name, name of organisation, name of"
        " organization, name of the organisation, name of the organization, name of your organisation, name of your"
        " organization, your organisation, your organization, ngo, association, group name, organización, nombre de"
        " la organización, nom de l'organisation, nom de l'association, organización firmante, organisationsname,"
        " name der organisation, verein, организация, название организации, المنظمة, اسم المنظمة, institution,"
        " organization/institution, organisme, structure, organización/institución, organizzazione, nome"
        " dell'organizzazione, organização, nome da organização, ong, наименование организации, объединение, اسم"
        " المؤسسة, اسم الجمعية, المؤسسة, الجمعية, 机构, 機構, 机构名称, 機構名稱, 组织, 組織, 组织名称, 組織名稱, 团体名称, 團體名稱, 团体, 團體, 单位,"
        " 單位, 单位名称, 單位名稱"
    ),
    "affiliation": _split("affiliation, employer, university, afiliación, zugehörigkeit, employeur"),
    "name": _split(
        "name, signatory, signatories, signataire, firmante, nom, nombre, unterzeichner, unterzeichnende, имя,"
        " название, подписант, الاسم, signed by, nome, firmatario, signatory group, signataires, firmantes,"
        " подписавшиеся, 名称, 名稱, 名字, 署名, 签署方, 簽署方, الموقع, الموقعون"
    ),
    "kind": _split("kind, type, art, tipo, тип, نوع, signing as, 签署类型, 类型, 類型"),
    "group": _split("group, groupe, grupo, gruppe, группа, category, gruppo, категория, 分组, 組別, 组别"),
    "note": _split(
        "note, notes, capacity, remark, comment, bemerkung, примечание, ملاحظة, comments, observaciones, remarque,"
        " remarques, nota, osservazioni, примечания, 备注, 備註, ملاحظات"
    ),
    "email": _split(
        "email, e-mail, email address, e-mail address, mail, courriel, adresse e-mail, 邮箱, 电子邮件"
    ),
    "website": _split("website, web site, url, site web, sitio web, сайт, الموقع الإلكتروني, 网站, 網站"),
    "ignored": _split(
        "timestamp, date, position number, phone, no, n, nr, #, id, zeitstempel, horodateur, marca temporal,"
        " number, telephone, country_code, start time, completion time, submitted at, submission date, submit date,"
        " last modified time, language, ip address, response id, respondent id, collector id, network id, token,"
        " status, отметка времени, الطابع الزمني, طابع زمني, 时间戳, 時間戳記, 提交时间, 开始时间, 完成时间, 序号, 序號, 编号, 編號, номер, №,"
        " رقم, carimbo de data/hora, informazioni cronologiche, n°, nº, city, ville, ciudad, город, المدينة, 城市,"
        " phone number, address"
    ),
}

# Stems by meaning, looked for in longer headings and in the questions of a form, in this order: the country of an
# organisation is a country. Latin stems begin a word; words of other scripts may stand anywhere.
STEMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "email",
        _split("e-mail, email, mail address, courriel, correo electr, почт, بريد, 邮箱, 邮件, 郵件, 電郵"),
    ),
    (
        "withhold",
        _split(
            "anonym, withh, do not publish, not be published, keep my name, keep our name, anónim, аноним, مجهول,"
            " سري, 匿名, 不公开, 不公開"
        ),
    ),
    (
        "ignored",
        _split("newsletter, mailing list, updates, subscribe, lettre d'information, boletín, рассыл, 订阅"),
    ),
    (
        "consent",
        _split(
            "i confirm, we confirm, i agree, we agree, i consent, i hereby, we hereby, i authori, i am authori, we"
            " authori, consent, authoris, authoriz, do you agree, endorse, listed publicly, list publicly, listed"
            " on the letter, je confirme, nous confirmons, j'accepte, j'autorise, acepto, autorizo, confirmo,"
            " confirmamos, consiento, do you sign, will you sign, do you wish to sign, would you like to sign, acceptez-vous,"
            " voulez-vous, souhaitez-vous, désirez-vous, desea firmar, quiere firmar, desean firmar, acepta, möchten sie"
            " unterz, wollen sie unterz, вы подпис, готовы подпис, хотите подпис, هل توافق, هل توقع, 是否签, 是否簽,"
            " einwillig, zustimm, einverstanden, aceito, accetto, соглас, подтвержда,"
            " أوافق, موافق, نوافق, أؤكد, 同意, 授权, 授權, 确认"
        ),
    ),
    (
        "website",
        _split("website, web site, web page, url, site web, sitio web, página web, сайт, 网址, 網址"),
    ),
    (
        "ignored",
        _split(
            "timestamp, date, phone, telephone, téléphone, teléfono, whatsapp, address, adresse, dirección, city,"
            " logo, twitter, facebook, instagram, number of, how many, how did, телефон, адрес, дата, تاريخ, هاتف,"
            " عنوان, 电话, 電話, 地址, 日期, 城市"
        ),
    ),
    (
        "acronym",
        _split("acronym, abbreviat, sigle, sigla, аббревиатур, сокращ, اختصار, مختصر, 缩写, 縮寫, 简称"),
    ),
    (
        "country",
        _split("countr, pays, país, paese, стран, دولة, بلد, 国家, 國家, staat"),
    ),
    (
        "kind",
        _split("type, kind, tipo, signing as, тип, نوع, 类型, 類型"),
    ),
    (
        "given",
        _split("first name, given name, prénom, vorname"),
    ),
    (
        "surname",
        _split("last name, surname, family name, apellido, nachname, фамили"),
    ),
    (
        "person",
        _split(
            "representative, contact, your name, full name, name of person, name of the person, représentant,"
            " representante, vertreter, ansprechp, представител, фио, ممثل, 姓名, 联系人, 聯絡人, 代表"
        ),
    ),
    (
        "role",
        _split(
            "job title, title, position, role, function, fonction, cargo, puesto, funktion, должност, منصب, وظيف,"
            " 职务, 職務, 职位, 職位"
        ),
    ),
    (
        "organisation",
        _split(
            "organis, organiz, ngo, ong, association, institution, organização, организаци, منظم, مؤسس, جمعي, 机构,"
            " 機構, 组织, 組織, 团体, 團體, 单位, 單位, verein"
        ),
    ),
    (
        "affiliation",
        _split("affiliation, employer, university, afiliación, zugehörigkeit"),
    ),
    (
        "group",
        _split("group, category"),
    ),
    (
        "note",
        _split("note, comment, remark, message, комментар, примечан, ملاحظ, 备注, 備註"),
    ),
    (
        "name",
        _split(
            "name, nom, nombre, nome, signator, signatair, firmante, имя, назван, наименован, подпис, اسم, 名称, 名稱,"
            " 名字, 署名"
        ),
    ),
)

# Words that a heading has beside those that say what it is; a heading of these alone is surely one.
BESIDE = frozenset(
    "of the your our my for a an and or in on is are what which who please enter full official legal original english"
    " french spanish language signing sign if any de la le les l d du des votre vos notre su sus tu el los del en oficial"
    " completo officiel complet y et ou o der die das und ihre ihr da do dell della vostra sua nella".split()
)


def _stem(word: str) -> str:
    folded = re.escape(fold(word))
    return rf"\b{folded}" if re.match(r"[a-z]", folded) else folded


_WHOLE = {fold(heading): field for field, headings in reversed(HEADINGS.items()) for heading in headings}
_STEMS = [(field, re.compile("|".join(map(_stem, stems)))) for field, stems in STEMS]
_KNOWN = BESIDE | {word for heading in _WHOLE for word in re.findall(r"\w+", heading)}
# Questions put to the person, whatever else they say.
_SAYS_ITSELF = frozenset(["email", "withhold", "consent", "website"])
LONGEST = 300  # characters; the text of a consent is long


def field_of(heading: str) -> tuple[str | None, bool]:
    """The field that a column's heading names ("ignored" for one known to be none), and whether that is sure.

    None for words that name no field. Sure is a heading that can be nothing else, such as a name of an organisation
    could be ("Organisation mondiale …").
    """
    if len(heading) > LONGEST:
        return None, False
    whole = " ".join(fold(heading).replace("_", " ").split()).strip(" :*?.#") or fold(heading).strip()
    text = re.sub(r"\s*[(:*?].*$", "", whole).strip()
    for form in (whole, text):
        if form in _WHOLE:
            return _WHOLE[form], True
    for field, stems in _STEMS:
        if not stems.search(whole if field in _SAYS_ITSELF else text):
            continue
        if (
            field == "person"
            and re.search(r"\b(?:position|role|job title|title of)\b", text)
            and "name" not in text
        ):
            field = "role"
        asked = heading.rstrip(" *").endswith(("?", "？", ":", "："))
        known = all(word in _KNOWN for word in re.findall(r"\w+", text))
        return field, field in _SAYS_ITSELF or asked or known
    return None, False
