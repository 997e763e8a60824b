// Suggests organisations of the public directory while the name is typed; choosing one fills what is still empty.
(function () {
  "use strict";
  var form = document.querySelector("form[data-suggest-url]");
  var field = document.getElementById("id_organisation");
  var list = document.getElementById("organisations");
  if (!form || !field || !list || !window.fetch) return;

  var PAUSE = 200, SHORTEST = 2;
  var known = new Map(), timer = null, asked = "";

  function fill(id, value) {
    var other = document.getElementById(id);
    if (other && !other.value && value) other.value = value;
  }

  function show(organisations) {
    list.replaceChildren.apply(list, organisations.map(function (organisation) {
      known.set(organisation.name, organisation);
      var option = document.createElement("option");
      option.value = organisation.name;
      if (organisation.acronym) option.label = organisation.name + " (" + organisation.acronym + ")";
      return option;
    }));
  }

  function ask() {
    var typed = field.value.trim();
    if (typed.length < SHORTEST || typed === asked || known.has(typed)) return;
    asked = typed;
    fetch(form.dataset.suggestUrl + "?q=" + encodeURIComponent(typed), { credentials: "omit" })
      .then(function (answer) { return answer.ok ? answer.json() : { organisations: [] }; })
      .then(function (found) { if (asked === typed) { show(found.organisations); choose(); } })
      .catch(function () { asked = ""; });
  }

  // Whether what stands in the field is a name that was suggested; then the rest is filled.
  function choose() {
    var chosen = known.get(field.value);
    if (!chosen) return false;
    fill("id_acronym", chosen.acronym);
    fill("id_country", chosen.country);
    fill("id_website", chosen.website);
    return true;
  }

  field.addEventListener("input", function () {
    window.clearTimeout(timer);
    if (!choose()) timer = window.setTimeout(ask, PAUSE);
  });
})();
