/* A few conveniences; every page works without them. */
"use strict";
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
/* the sign-up says in which zone the browser is, so that the hour is the reader's own */
for (const field of document.querySelectorAll("[data-zone]")) field.value = zone;
/* choices that differ from what is stored are pointed out beside the button */
for (const form of document.querySelectorAll("[data-choices]")) {
  const said = form.querySelector("[data-unsaved]");
  const state = () => new URLSearchParams(new FormData(form)).toString();
  const stored = state();
  form.addEventListener("input", () => { said.hidden = state() === stored; });
}
/* whose browser keeps another time than the one chosen can take it over with one press */
for (const select of document.querySelectorAll("[data-zone-now]")) {
  /* browsers still give older names, such as Asia/Calcutta */
  const names = each => [each.value, ...(each.dataset.also || "").split(" ")];
  const option = [...select.options].find(each => names(each).includes(zone));
  if (!option || option.value === select.dataset.zoneNow) continue;
  const hint = document.querySelector("[data-zone-hint]"), use = hint.querySelector("[data-zone-use]");
  const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  use.textContent = `${option.text.trim()}, ${time}`;
  use.addEventListener("click", () => {
    select.value = option.value;
    hint.hidden = true;
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.focus();
  });
  hint.hidden = false;
}
/* the snippet is copied with one press, and the page says so */
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", () => navigator.clipboard.writeText(document.querySelector("[data-copied]").value)
    .then(() => {
      document.querySelector("[data-copy-said]").textContent = document.querySelector("[data-copy-done]").textContent;
    }));
}
