// Forms: the summary of errors gets the focus; a second press while the first is on its way does nothing.
(function () {
  "use strict";
  var REST = 8000;
  var faults = document.getElementById("faults");
  if (faults) faults.focus();

  document.querySelectorAll("form[data-once]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
      var buttons = form.querySelectorAll("button");
      buttons.forEach(function (button) { button.setAttribute("aria-disabled", "true"); });
      window.setTimeout(release, REST);
      window.addEventListener("pageshow", release);
      function release() {
        delete form.dataset.sent;
        buttons.forEach(function (button) { button.removeAttribute("aria-disabled"); });
      }
    });
  });
})();
