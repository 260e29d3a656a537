// The order of the items: by dragging a handle, or with the arrow keys on it (and Alt with them in a row). The server
// says the order and the numbers after every change; nothing is counted here.
"use strict";
(() => {
  const { all, press } = desk;
  const main = document.getElementById("proof");
  if (!main) return;
  const items = () => all("[data-item]", main);
  const show = () => { for (const grip of all("[data-grip]", main)) grip.hidden = false; };

  document.addEventListener("desk:settled", (event) => {
    let last = document.getElementById("whole");
    for (const [key, number, up, down] of event.detail.order) {
      const section = document.getElementById(`b-${key}`);
      if (!section) continue;
      if (last.nextElementSibling !== section) last.after(section);
      last = section;
      if (number) for (const place of all("[data-n]", section)) place.textContent = `${number}${place.dataset.n}`;
      for (const [value, can] of [["up", up], ["down", down]]) {
        const button = section.querySelector(`.moves [value=${value}]`);
        if (button) button.hidden = !can;
      }
    }
    show();
    if (moving) document.getElementById(moving)?.querySelector("[data-grip]")?.focus({ preventScroll: true });
    moving = "";
  });
  let moving = ""; // the block whose handle has the focus, while the server moves it

  main.addEventListener("keydown", (event) => {
    const grip = event.target.closest("[data-grip]");
    const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    if (!grip || !way || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const section = grip.closest(".block");
    moving = section.id;
    press(`.moves [value=${way}]:not([hidden])`, section);
  });

  let held = null; // { section, grip, over, after }
  main.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button) return;
    event.preventDefault();
    grip.focus({ preventScroll: true });
    grip.setPointerCapture(event.pointerId);
    const section = grip.closest(".block");
    const before = section.getBoundingClientRect().top;
    main.classList.add("sorting"); // only headlines stay, so that ten items fit the screen
    section.classList.add("held");
    scrollBy(0, section.getBoundingClientRect().top - before);
    held = { section, grip, over: null, after: false };
  });
  main.addEventListener("pointermove", (event) => {
    if (!held) return;
    const edge = 70;
    if (event.clientY < edge + 100) scrollBy(0, -14);
    else if (event.clientY > innerHeight - edge) scrollBy(0, 14);
    clear();
    const others = items().filter((each) => each !== held.section);
    const over = others.find((each) => event.clientY < each.getBoundingClientRect().bottom) || others.at(-1);
    if (!over) return;
    const box = over.getBoundingClientRect();
    held.over = over;
    held.after = event.clientY > box.top + box.height / 2;
    over.classList.add(held.after ? "drop-after" : "drop-before");
  });
  const clear = () => { for (const each of all(".drop-before, .drop-after", main)) each.classList.remove("drop-before", "drop-after"); };
  const release = (taken) => {
    if (!held) return;
    const { section, grip, over, after } = held;
    held = null;
    const top = grip.getBoundingClientRect().top;
    main.classList.remove("sorting");
    section.classList.remove("held");
    clear();
    scrollBy(0, grip.getBoundingClientRect().top - top);
    if (!taken || !over) return;
    const others = items().filter((each) => each !== section);
    const to = others.indexOf(over) + (after ? 2 : 1);
    if (to === items().indexOf(section) + 1) return;
    const form = section.querySelector(".moves");
    form.elements.to.disabled = false;
    form.elements.to.value = to;
    moving = section.id;
    form.requestSubmit();
    form.elements.to.disabled = true;
  };
  main.addEventListener("pointerup", () => release(true));
  main.addEventListener("pointercancel", () => release(false));
  addEventListener("keydown", (event) => { if (held && event.key === "Escape") { event.stopImmediatePropagation(); release(false); } }, true);
  show();
})();
