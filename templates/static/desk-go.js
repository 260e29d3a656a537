/* Today and the pages of going out: keys that press what stands on the page, and the place of what has focus while the
   live part is exchanged. Without it everything works by links and forms. */
(() => {
  "use strict";
  const KEYS = { i: "[data-key=i]", a: "[data-key=a]", t: "[data-key=t]", s: "[data-key=s]" };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const wanted = KEYS[event.key.toLowerCase()];
    const found = wanted && document.querySelector(wanted);
    if (!found) return;
    event.preventDefault();
    found.click();
  });

  let focused = "";
  document.addEventListener("htmx:beforeSwap", () => {
    focused = document.activeElement && document.activeElement.closest("#live") ? document.activeElement.id : "";
  });
  document.addEventListener("htmx:afterSwap", () => {
    const again = focused && document.getElementById(focused);
    if (again) again.focus({ preventScroll: true });
  });
})();
