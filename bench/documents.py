"""The documents of a letter at 18, 1,000 and 10,000 names: seconds, ratio to a reference of the same run, and peak memory.

``documents.py`` prints the table. Each figure is the best of several runs, each in a process of its own
(``documents.py <what> <names>``), so that memory is that of one document. The reference of a format is its own library with
the same names as bare lines: what is paid beyond it is the letter.
"""

import io
import json
import os
import resource
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

SIZES, ROUNDS = (18, 1000, 10_000), 3
AIMS = {18: 1.0, 1000: 3.0, 10_000: 30.0}  # seconds: well under one; seconds
FORMS = {"pdf": "PDF", "docx": "Word", "txt": "plain text"}


def bare_pdf(names: list[str]) -> bytes:
    import typst

    from letters.documents import fonts

    faces = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.FOLDER)]
    )
    source = b'#set text(font: "Source Serif 4")\n#for name in json("n.json") { par(name) }'
    return typst.compile({"main": source, "n.json": json.dumps(names).encode()}, font_paths=faces)  # type: ignore


def bare_docx(names: list[str]) -> bytes:
    from docx import Document

    document, out = Document(), io.BytesIO()
    for name in names:
        document.add_paragraph(name)
    document.save(out)
    return out.getvalue()


def bare_txt(names: list[str]) -> bytes:
    return "\n".join("\n".join(textwrap.wrap(name, 72)) for name in names).encode()


def one(what: str, n: int) -> None:
    """Makes one document and prints its seconds, its bytes and the peak of memory in megabytes."""
    import django

    django.setup()
    from letters.documents import docx, pdf, text
    from tests.specimens import specimen

    paper = specimen("en", n)
    names = [entry.whole.text for section in paper.sections for entry in section.entries]
    makers: dict[str, Callable[[], bytes]] = {
        "pdf": lambda: pdf.render(paper),
        "docx": lambda: docx.render(paper),
        "txt": lambda: text.render(paper),
        "bare_pdf": lambda: bare_pdf(names),
        "bare_docx": lambda: bare_docx(names),
        "bare_txt": lambda: bare_txt(names),
    }
    begun = time.perf_counter()
    size = len(makers[what]())
    took = time.perf_counter() - begun
    print(took, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def measured(what: str, n: int) -> tuple[float, int, int]:
    """Best time, bytes, and peak memory of ``ROUNDS`` runs."""
    runs = []
    for _ in range(ROUNDS):
        command = [sys.executable, __file__, what, str(n)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        took, size, memory = done.stdout.split()
        runs.append((float(took), int(size), int(memory)))
    return min(runs)


def main() -> None:
    print(
        "\n| document | names | seconds | bare lines, same library | ratio | MB in memory | kB | aim, seconds |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for form, words in FORMS.items():
        for n in SIZES:
            (took, size, memory), (bare, *_rest) = measured(form, n), measured(f"bare_{form}", n)
            figures = (
                f"{took:.3f} | {bare:.3f} | {took / bare:.1f} | {memory} | {size // 1024} | {AIMS[n]:.0f}"
            )
            print(f"| {words} | {n:,} | {figures} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        one(sys.argv[1], int(sys.argv[2]))
    else:
        main()
