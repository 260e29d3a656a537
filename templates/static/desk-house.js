// The masthead's preview follows the form. Without this file the buttons above it show it at a press.
"use strict";
(() => {
  const form = document.querySelector("form[data-masthead]");
  if (!form) return;
  const buttons = [...form.querySelectorAll("button[formtarget]")];
  const said = document.getElementById("contrast");
  let chosen = buttons[0];
  let waiting = 0;
  const show = () => form.requestSubmit(chosen);
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(show, 500); };
  const judge = async (accent) => {
    const answer = await fetch(`${said.dataset.url}?accent=${encodeURIComponent(accent)}`);
    if (answer.ok) said.textContent = await answer.text();
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      chosen = button;
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
    });
  }
  form.addEventListener("input", (event) => {
    if (event.target.name === "accent") judge(event.target.value);
    soon();
  });

  // What was changed and not saved is not lost to a stray click.
  const before = new FormData(form);
  let saving = false;
  const changed = () => [...new FormData(form)].some(([name, value]) =>
    name !== "scheme" && (value instanceof File ? value.size > 0 : value !== before.get(name)));
  form.addEventListener("submit", (event) => { if (!event.submitter?.formTarget) saving = true; });
  addEventListener("beforeunload", (event) => { if (!saving && changed()) event.preventDefault(); });
})();
