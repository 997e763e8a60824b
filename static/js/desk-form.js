// The letter's form: names for the editing areas, the direction of what is written in them, and the copy button.

// The editor makes its area after this script has run, so the page is watched until it is there.
function nameArea(area) {
  if (area.hasAttribute("aria-label")) return;
  const row = area.closest(".form-row");
  const field = row && row.querySelector("textarea");
  const label = row && row.querySelector("label");
  if (!field || !label) return;
  area.setAttribute("aria-label", label.textContent.replace(/:\s*$/, "").trim());
  turn(area, field.dir, field.lang);
  const help = row.querySelector(".help");
  if (help && help.id) area.setAttribute("aria-describedby", help.id);
}

function turn(element, dir, lang) {
  if (dir) element.dir = dir;
  if (lang) element.lang = lang;
}

function nameAll() {
  for (const area of document.querySelectorAll(".ProseMirror[contenteditable]")) nameArea(area);
}

new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
nameAll();

// A draft's only text is in the letter's language: choosing another one turns its fields.
const language = document.querySelector("select[data-rtl]");
if (language) {
  const rtl = language.dataset.rtl.split(" ");
  const follow = () => {
    const dir = rtl.includes(language.value.split("-")[0]) ? "rtl" : "ltr";
    for (const element of document.querySelectorAll(".desk-words, .ProseMirror[contenteditable]")) turn(element, dir, language.value);
  };
  language.addEventListener("change", follow);
}

