// What is pasted from a word processor, made into what the editing area knows before it sees it: tables into a line a row
// with their cells apart, headings of any level into the two that a letter has. (Footnotes are made into notes on saving.)

const seen = new WeakSet();

function rows(table, page) {
  return [...table.querySelectorAll("tr")].map((row) => {
    const line = page.createElement("p");
    row.querySelectorAll("td, th").forEach((cell, number) => {
      // Links, emphasis and footnote marks stay; paragraphs of a cell stand beside each other.
      for (const block of cell.querySelectorAll("p, div, li, ul, ol, h1, h2, h3, h4, h5, h6")) {
        block.replaceWith(...block.childNodes, " ");
      }
      if (number) line.append(" | ");
      line.append(...cell.childNodes);
    });
    return line;
  });
}

function renamed(element, name, page) {
  const other = page.createElement(name);
  other.append(...element.childNodes);
  return other;
}

function known(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  // The inner of two tables first, so that its words are part of the outer's cell.
  for (const table of [...page.querySelectorAll("table")].reverse()) table.replaceWith(...rows(table, page));
  for (const heading of page.querySelectorAll("h1")) heading.replaceWith(renamed(heading, "h2", page));
  for (const heading of page.querySelectorAll("h4, h5, h6")) heading.replaceWith(renamed(heading, "h3", page));
  return page.body.innerHTML;
}

document.addEventListener("paste", (event) => {
  const area = event.target instanceof Element && event.target.closest(".ProseMirror[contenteditable]");
  const html = event.clipboardData ? event.clipboardData.getData("text/html") : "";
  if (!area || seen.has(event) || !/<(table|h1|h[4-6])\b/i.test(html)) return;
  const data = new DataTransfer();
  data.setData("text/html", known(html));
  data.setData("text/plain", event.clipboardData.getData("text/plain"));
  const again = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  seen.add(again);
  event.preventDefault();
  event.stopImmediatePropagation();
  area.dispatchEvent(again);
}, true);
