// Lets the list of signatories grow while the page is open: asks every 15 seconds whether it has changed, only while
// the tab is visible; says politely how many more have signed. Gives up after some failures. The page works without it.
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

  function tell(count) {
    var more = count - total;
    document.querySelectorAll('[data-count="signatures"]').forEach(function (place) {
      place.textContent = count.toLocaleString(document.documentElement.lang);
    });
    document.querySelectorAll("[data-heading]").forEach(function (heading) {
      var form = count === 1 ? heading.dataset.one : heading.dataset.many;
      heading.textContent = form.replace("{n}", count.toLocaleString(document.documentElement.lang));
    });
    document.querySelectorAll('[data-when="signed"]').forEach(function (part) { part.hidden = count === 0; });
    document.querySelectorAll('[data-when="empty"]').forEach(function (part) { part.hidden = count > 0; });
    if (more > 0 && spoken) {
      var words = more === 1 ? box.dataset.one : box.dataset.many;
      spoken.textContent = words.replace("{n}", String(more)).replace("{total}", String(count));
    }
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
        tell(state.signature_count);
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
