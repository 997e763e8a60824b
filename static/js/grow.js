// Lets the list of signatories grow while the page is open: asks every 15 seconds whether it has changed, only while
// the tab is visible; says politely how many there are then. Gives up after some failures. The page works without it.
(function () {
  "use strict";
  var box = document.getElementById("signatories");
  var list = document.getElementById("list");
  var spoken = document.getElementById("grown");
  if (!box || !list || !box.dataset.stateUrl || !window.fetch) return;

  var EVERY = 15000, MOST_FAILURES = 6;
  var revision = box.dataset.revision, total = Number(box.dataset.total);
  var failures = 0, timer = null, busy = false;

  function ask(url, kind) {
    return fetch(url, { credentials: "omit", cache: "no-cache" }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer[kind]();
    });
  }

  function shownIds() {
    var ids = new Set();
    list.querySelectorAll("li[data-id]").forEach(function (row) { ids.add(row.dataset.id); });
    return ids;
  }

  function replaceList(html) {
    var before = shownIds();
    var fresh = new DOMParser().parseFromString(html, "text/html");
    // A reader who stands on a link of the list keeps standing there.
    var held = list.contains(document.activeElement) ? document.activeElement.closest("li[data-id]") : null;
    var heldId = held && held.dataset.id;
    list.replaceChildren.apply(list, Array.from(fresh.body.childNodes));
    list.querySelectorAll("li[data-id]").forEach(function (row) {
      if (!before.has(row.dataset.id)) row.classList.add("new");
      if (row.dataset.id === heldId && row.querySelector("a")) row.querySelector("a").focus({ preventScroll: true });
    });
  }

  function put(selector, words) {
    document.querySelectorAll(selector).forEach(function (place) { place.textContent = words; });
  }

  // The words come from the server, which knows the forms that numbers take in the page's language.
  function tell(state) {
    var count = state.signature_count;
    put('[data-count="signatures"]', state.count);
    put("[data-heading]", state.heading);
    put("[data-counted]", state.counted);
    document.querySelectorAll('[data-when="signed"]').forEach(function (part) { part.hidden = count === 0; });
    document.querySelectorAll('[data-when="empty"]').forEach(function (part) { part.hidden = count > 0; });
    if (count > total && spoken) spoken.textContent = state.grown;
    total = count;
  }

  function look() {
    if (busy || document.hidden) return;
    busy = true;
    ask(box.dataset.stateUrl, "json").then(function (state) {
      failures = 0;
      if (String(state.revision) === revision) return null;
      return ask(box.dataset.listUrl, "text").then(function (html) {
        replaceList(html);
        tell(state);
        revision = String(state.revision);
      });
    }).catch(function () {
      failures += 1;
    }).then(function () {
      busy = false;
      wait();
    });
  }

  function wait() {
    window.clearTimeout(timer);
    if (!document.hidden && failures < MOST_FAILURES) timer = window.setTimeout(look, EVERY * Math.pow(2, failures));
  }

  document.addEventListener("visibilitychange", function () {
    window.clearTimeout(timer);
    if (!document.hidden && failures < MOST_FAILURES) look();
  });
  wait();
})();
