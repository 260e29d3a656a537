/* Two conveniences; every page works without them. */
"use strict";
/* the sign-up says in which zone the browser is, so that the hour is the reader's own */
for (const field of document.querySelectorAll("[data-zone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}
/* choices that differ from what is stored are pointed out beside the button */
for (const form of document.querySelectorAll("[data-choices]")) {
  const said = form.querySelector("[data-unsaved]");
  const state = () => new URLSearchParams(new FormData(form)).toString();
  const stored = state();
  form.addEventListener("input", () => { said.hidden = state() === stored; });
}
