// Shows the button that copies the letter's link, where the browser can.
(function () {
  "use strict";
  if (!navigator.clipboard) return;
  document.querySelectorAll("button[data-copy]").forEach(function (button) {
    var words = button.textContent, timer = null;
    button.closest("[hidden]").hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(button.dataset.copy).then(function () {
        button.textContent = button.dataset.done;
        window.clearTimeout(timer);
        timer = window.setTimeout(function () { button.textContent = words; }, 4000);
      }, function () { button.closest("li").hidden = true; });
    });
  });
})();
