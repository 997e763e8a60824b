"""Word documents for tests, written part by part, so that they hold what no library writes."""

import io
import zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
    for key, name in (("H1", "heading 1"), ("H2", "heading 2"), ("T", "Title"), ("LC", "List Continue"))
)
NUMBERING = "".join(
    f'<w:abstractNum w:abstractNumId="{n}">'
    + "".join(f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="{kind}"/></w:lvl>' for level in range(3))
    + "</w:abstractNum>"
    for n, kind in ((1, "decimal"), (2, "bullet"))
) + "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (1, 2))


def p(words: str, *, style: str = "", item: tuple[int, int] | None = None, more: str = "") -> str:
    """A paragraph; ``words`` without a mark of XML stand in one run. ``item``: (list, level)."""
    inner = words if words.startswith("<") else r(words)
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if item:
        properties += f'<w:numPr><w:ilvl w:val="{item[1]}"/><w:numId w:val="{item[0]}"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}{more}</w:pPr>{inner}</w:p>"


def r(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def part(name: str, inner: str) -> str:
    return f"<w:{name} {W} {R}>{inner}</w:{name}>"


def docx(
    body: str, *, links: tuple[str, ...] = (), parts: dict[str, str | bytes] | None = None, title: str = ""
) -> bytes:
    """The bytes of a document. ``links`` are addresses that relations L1, L2 … lead to; ``parts`` are further parts of
    the kind that their name says (``footnotes`` is word/footnotes.xml), or whole ones by path."""
    parts = parts or {}
    named = {"styles": part("styles", STYLES), "numbering": part("numbering", NUMBERING)}
    named |= {key: value for key, value in parts.items() if "/" not in key}
    relations = "".join(
        f'<Relationship Id="R{n}" Type="{KINDS}/{key}" Target="{key}.xml"/>' for n, key in enumerate(named)
    ) + "".join(
        f'<Relationship Id="L{n}" Type="{KINDS}/hyperlink" Target="{to}" TargetMode="External"/>'
        for n, to in enumerate(links, 1)
    )
    core = (
        f'<c:coreProperties xmlns:c="{PACKAGE}/metadata/core-properties" xmlns:d="http://purl.org/dc/elements/1.1/">'
        f"<d:title>{title}</d:title></c:coreProperties>"
    )
    whole: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="R1" Type="{KINDS}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="R2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        "</Relationships>",
        "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        "docProps/core.xml": core,
        **{f"word/{key}.xml": value for key, value in named.items()},
        **{key: value for key, value in parts.items() if "/" in key},
    }
    return zipped(whole)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


HEAD = (
    p("Keep the night ferries", style="H1") + p("Marrow Bay, 5 November 2025") + p("Ms Ilse Brandvoort")
    + p("Director of Ferry Services") + p("Port Authority") + p("") + p("cc: Jo Orrell, Mayor; Ana Vell")
    + p("Re: the last boat") + p("Dear Ms Brandvoort,")
)  # fmt: skip
END = (
    p("Yours sincerely,") + p("Signatories", style="H2") + p("Tide Watch (TW), Portugal", item=(1, 0))
    + p("Harbour Circle, Kenya", item=(1, 0)) + p("Photo: Mira Tolland")
)  # fmt: skip
LETTER = HEAD + p("We write about boats.") + END
