"""Made-up letters as values, for the tests of documents: four languages, any number of signatories."""

from letters import texts
from letters.documents.body import body_of
from letters.documents.model import Entry, LetterDocument, Party, Section, Words
from letters.templatetags.names import guess

BODY = """<p>We write as <em>forty-one</em> groups that work with <strong>night crews</strong>, tenants and reporters along
four coasts. On 1 October your office published <a href="https://ministry.example/decrees/2026/118?draft=2">a draft decree</a>
that would end the night crossings.^[Draft decree 118, article 4, second paragraph; see also
<a href="https://gazette.example/118">the gazette</a> of the same day.]</p>
<h2>What the crossings carry</h2>
<p>A crossing is where a shift ends and a ward begins. Ten days of notice, in one language, on a page that few will find, is
not the same thing.^[Harbour survey, 2025.] Where crossings were dropped before, we recorded three consequences:</p>
<ul><li>objections fell by nine tenths, while disputes before the courts doubled;</li><li>tenants learned of it from the
contractor:<ul><li>by a notice on a door,</li><li>or not at all;</li></ul></li><li>H<sup>2</sup> stores stayed
unguarded.</li></ul>
<h3>In their own words</h3>
<blockquote><p>Nobody asked us whether we could read the notice. They asked us why we had not answered it.</p></blockquote>
<ol><li>Keep the night crossings through the winter.</li><li>Publish every notice in the languages of the coast at
<a href="https://ministry.example/notices">ministry.example/notices</a>.</li></ol>
<p>First line,<br>second line. Write to <a href="mailto:desk@harbour.example">our desk</a>.</p>"""

WORDS = {
    "en": {
        "title": "Keep the night ferries running",
        "subject": "Draft decree 118 on night crossings",
        "place": "Port Merrow",
        "date": "12 October 2026",
        "salutation": "Dear Minister, dear President,",
        "body": BODY,
        "closing": ("Yours sincerely,", "The undersigned"),
        "list_heading": "{n} signatories",
        "as_of_words": "As of 14 October 2026 at 18:00, Lisbon time",
        "withheld": "And three organisations whose names are withheld for their safety.",
        "groups": ("Conveners", "Organisations", "Individuals"),
        "version_words": "Text version 1 of 12 October 2026",
        "verify_words": "Check this document against the record:",
    },
    "fr": {
        "title": "Maintenez les traversées de nuit, même l’hiver",
        "subject": "",
        "place": "Port-Merle",
        "date": "le 12 octobre 2026",
        "salutation": "Madame la Ministre, Monsieur le Président,",
        "body": "<p>Nous écrivons au nom de celles et ceux qui traversent la nuit : équipages, soignantes, boulangers.^[Projet de décret 118, article 4.] Votre ministère a publié « un projet » qui y mettrait fin.</p><p>Nous vous demandons :</p><ol><li>de maintenir les traversées ;</li><li>de publier chaque avis dans <a href='https://ministere.example/avis'>toutes les langues de la côte</a>.</li></ol>",
        "closing": ("Veuillez agréer, Madame la Ministre, Monsieur le Président, l’expression de notre haute considération.",),
        "list_heading": "{n} signataires",
        "as_of_words": "Au 14 octobre 2026 à 18:00, heure de Lisbonne",
        "withheld": "Et trois organisations dont le nom n’est pas publié pour leur sécurité.",
        "groups": ("À l’initiative", "Organisations", "Personnes"),
        "version_words": "Texte, version 1 du 12 octobre 2026",
        "verify_words": "Comparer ce document au registre :",
    },
    "ar": {
        "title": "أبقوا العبّارات الليلية عاملة",
        "subject": "مشروع المرسوم ١١٨ بشأن العبور الليلي",
        "place": "ميناء مِرّو",
        "date": "12 أكتوبر 2026",
        "salutation": "السيدة الوزيرة،",
        "body": "<p>نكتب إليكم باسم <strong>مجموعات</strong> تعمل مع أطقم الليل والمستأجرين والصحفيين على أربعة سواحل.^[مشروع المرسوم، المادة 4، الفقرة 2.] نشرت وزارتكم <a href='https://ministry.example/ar/118'>مشروع مرسوم</a> من شأنه أن يُنهي العبور الليلي (Decree 118) ابتداءً من 1 نوفمبر.</p><h2>ما نطلبه</h2><ol><li>إبقاء العبّارات الليلية عاملة طوال الشتاء؛</li><li>نشر كل إشعار بلغات الساحل.</li></ol><blockquote><p>لم يسألنا أحد إن كنا نستطيع قراءة الإشعار.</p></blockquote><ul><li>في الشتاء</li><li>وفي <em>الليل</em></li></ul>",
        "closing": ("وتفضلوا بقبول فائق الاحترام،",),
        "list_heading": "{n} موقّعًا",
        "as_of_words": "حتى 14 أكتوبر 2026 الساعة 18:00 بتوقيت لشبونة",
        "withheld": "وثلاث منظمات حُجبت أسماؤها حفاظًا على سلامتها.",
        "groups": ("الجهات الداعية", "المنظمات", "الأفراد"),
        "version_words": "نص الرسالة، النسخة 1",
        "verify_words": "تحقّق من هذه الوثيقة في السجل:",
    },
    "zh": {
        "title": "请保留夜间渡轮",
        "subject": "关于夜间航线的第118号法令草案",
        "place": "梅罗港",
        "date": "2026年10月12日",
        "salutation": "尊敬的部长：",
        "body": "<p>我们是在四个海岸与夜班船员、租户和记者一起工作的<strong>组织</strong>。十月一日，贵部公布了<a href='https://ministry.example/zh/118'>一份法令草案</a>，将终止夜间航行。^[法令草案第四条第二款。]“渡轮”把一个班次的结束与一个病房的开始连在一起（Decree 118）。</p><h2>我们的请求</h2><ol><li>整个冬季保留夜间渡轮；</li><li>以沿海各种语言公布每一份通知。</li></ol><blockquote><p>没有人问过我们能否读懂那份通知。</p></blockquote>",
        "closing": ("此致", "敬礼"),
        "list_heading": "{n} 个签署方",
        "as_of_words": "截至2026年10月14日18:00（里斯本时间）",
        "withheld": "另有三个组织出于安全考虑未公布名称。",
        "groups": ("发起组织", "组织", "个人"),
        "version_words": "文本第1版",
        "verify_words": "请在登记处核对本文件：",
    },
}  # fmt: skip
NAMES = (
    ("Harbour Circle", "HC", "Portugal", ""),
    ("Tide Watch", "", "Ireland", "on behalf of 309 members"),
    ("Союз ночных моряков", "СНМ", "Latvia", ""),
    ("جمعية أصدقاء المرفأ", "", "Tunisia", ""),
    ("Συμμαχία του Λιμανιού", "", "Greece", ""),
    ("夜间渡轮互助会", "", "China", ""),
    ("夜の渡し舟の会", "", "Japan", ""),
    ("야간 여객선 연대", "", "Republic of Korea", ""),
    ("रात्रि नौका संघ", "", "India", ""),
    ("Union of Night Ferry Crews, Lighthouse Keepers and Harbour Pilots of the Northern, Eastern and Southern Estuaries and their Families", "UNFCLKHP", "United Kingdom of Great Britain", "for identification only"),
    ("קרן המעגן", "", "Israel", ""),
    ("Łódź Nocą", "ŁN", "Poland", ""),
    ("สมาคมเรือกลางคืน", "", "Thailand", ""),
    ("Ночной паром", "", "Bulgaria", ""),
    ("Quay & Lantern", "Q&L", "Malta", ""),
    ("გემის მეგობრები", "", "Georgia", ""),
    ("L’Écluse solidaire", "", "France", ""),
    ("Atalaya del Puerto", "", "Uruguay", ""),
)  # fmt: skip


def words(text: str) -> Words:
    language, direction = guess(text)
    return Words(text, language, direction)


def entry(number: int) -> Entry:
    name, acronym, country, note = NAMES[(number - 1) % len(NAMES)]
    name = name if number <= len(NAMES) else f"{name} {number}"
    return Entry(
        number, words(name), words(acronym) if acronym else None, (words(note),) if note else (), country
    )


def specimen(language: str = "en", n: int = 18, **changes) -> LetterDocument:
    """A letter in that language with ``n`` signatories in three groups."""
    w = WORDS[language]
    conveners, individuals = min(2, n), n // 6
    cuts = (0, conveners, n - individuals, n)
    sections = tuple(
        Section(heading, tuple(entry(number) for number in range(cuts[i] + 1, cuts[i + 1] + 1)))
        for i, heading in enumerate(w["groups"])
        if cuts[i + 1] > cuts[i]
    )
    fields = {
        "language": language,
        "direction": texts.direction(language),
        "said_in": language,
        "said_direction": texts.direction(language),
        "publisher": "Night Ferry Alliance",
        "title": w["title"],
        "as_of": "2026-10-14T17:00:00+00:00",
        "version": 1,
        "digest": "9f2c41d8" * 8,
        "address": "https://letters.example.org/letters/keep-the-night-ferries-running/",
        "place": w["place"],
        "date": w["date"],
        "comma": {"ar": "\u060c ", "zh": "，"}.get(language, ", "),
        "semicolon": {"ar": "\u061b ", "zh": "；"}.get(language, "; "),
        "addressees": (Party("Orla Venn", "Minister of Crossings", "Ministry of the Sea"), Party("", "The President", "Coastal Commission")),
        "copies": (Party("Ilse Tarn", "Ombudsperson"), Party("", "", "Harbour Office")),
        "copy_word": "Copy:",
        "subject": w["subject"],
        "salutation": w["salutation"],
        "body": tuple(body_of(w["body"])),
        "closing": w["closing"],
        "list_heading": w["list_heading"].format(n=n + 3),
        "as_of_words": w["as_of_words"],
        "sections": sections,
        "withheld": w["withheld"],
        "version_words": w["version_words"],
        "digest_words": "SHA-256",
        "address_words": "This letter stands at",
        "verify_code": "7KQ4-MX2P-V9TD",
        "verify_address": "https://letters.example.org/verify/7KQ4MX2PV9TD/",
        "verify_words": w["verify_words"],
        "notes_heading": "Notes",
        "signature_count": n + 3,
        "withheld_count": 3,
    }  # fmt: skip
    return LetterDocument(**fields | changes)
