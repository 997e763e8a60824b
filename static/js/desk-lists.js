// Imported lists: a decision changes the lines where they stand, without the page moving; how far the work is shows by itself.

const parser = new DOMParser();

function take(html, ids) {
  const page = parser.parseFromString(html, "text/html");
  for (const id of ids) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (old && fresh) old.replaceWith(document.adoptNode(fresh));
    else if (old || fresh) return false;
  }
  const said = page.querySelector(".messagelist");
  document.querySelector(".messagelist")?.remove();
  if (said) document.getElementById("content-main").before(document.adoptNode(said));
  return true;
}

// Where the keyboard goes on: in the line itself, or in the one that took its place.
function place(element) {
  const line = element.closest("tr");
  const row = line.classList.contains("lists-under") ? line.previousElementSibling : line;
  const rows = [...row.parentElement.querySelectorAll("tr[id]")];
  return { id: row.id, index: rows.indexOf(row) };
}

function goOn(from) {
  const rows = [...document.querySelectorAll("#list-lines tr[id]")];
  const row = document.getElementById(from.id) || rows[Math.min(from.index, rows.length - 1)];
  const under = row && row.nextElementSibling?.classList.contains("lists-under") ? row.nextElementSibling : null;
  const target = under?.querySelector("[aria-invalid], input:not([type=hidden]), select, button") || row?.querySelector(".lists-do :is(button, a)") || row;
  (target || document.querySelector(".lists-tabs a"))?.focus();
}

async function ask(url, options, element) {
  const from = place(element);
  try {
    const answer = await fetch(url, { credentials: "same-origin", ...options });
    const html = await answer.text();
    if (!take(html, ["list-head", "list-lines"])) throw new Error("another page");
    goOn(from);
    return true;
  } catch {
    return false;
  }
}

let busy = false;

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-here]");
  if (!form) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  const done = await ask(form.action, { method: "POST", body: new FormData(form, event.submitter) }, form);
  busy = false;
  if (!done) location.reload();
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-here]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (!(await ask(link.href, {}, link))) location.assign(link.href);
});

async function watch() {
  const shown = document.querySelector("[data-progress]");
  if (!shown) return;
  if (!document.hidden) {
    const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
    const page = answer && answer.ok ? parser.parseFromString(await answer.text(), "text/html") : null;
    const fresh = page && page.querySelector("[data-progress]");
    if (page && !fresh) {
      location.reload();
      return;
    }
    if (fresh) {
      for (const part of ["p[role=status]", "progress"]) {
        const [old, now] = [shown.querySelector(part), fresh.querySelector(part)];
        if (old && now && old.outerHTML !== now.outerHTML) old.replaceWith(document.adoptNode(now));
      }
    }
  }
  setTimeout(watch, 2000);
}
watch();
