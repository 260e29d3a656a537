// Editing in place: a block opens as a form where it stands, saves by itself, and keeps a copy until it is saved.
// The words that it shows stand in the page (desk/_words.html), in the editor's language.
"use strict";
(() => {
  const { all, go } = desk;
  const WAIT = 800; // ms after the last key before a save
  const words = document.getElementById("words")?.dataset || {};
  const state = new WeakMap(); // form -> { sent, saved, timer, tries }
  const of = (form) => {
    if (!state.has(form)) state.set(form, { sent: "", saved: held(form), timer: 0, tries: 0 });
    return state.get(form);
  };
  const fields = (form) => all("textarea, input[type=checkbox]", form);
  const held = (form) => JSON.stringify(fields(form).map((each) => [each.name, each.type === "checkbox" ? each.checked : each.value]));
  const dirty = (form) => held(form) !== of(form).saved;
  const store = (form) => `desk:${form.dataset.editor}`;
  const say = (form, text, bad = false) => {
    const line = form.querySelector(".saving");
    if (line && line.textContent !== text) line.textContent = text;
    line?.classList.toggle("bad", bad);
    delete line?.dataset.saved;
  };

  // ---- opening ----
  const open = async (section, address, place) => {
    await htmx.ajax("GET", address, { target: section, swap: "outerHTML" });
    const form = document.querySelector(`#${CSS.escape(section.id)} form[data-editor]`);
    if (form) settle(form, place);
  };
  const settle = (form, place) => {
    of(form);
    const section = form.closest(".block");
    const chosen = section.dataset.chosen ? { n: section.dataset.chosen, language: section.dataset.language, words: section.dataset.words } : place || {};
    const row = form.querySelector(`[data-row="${chosen.n ?? ""}"]`) || form.querySelector(".s");
    const area = row.querySelector(chosen.language === "zh" ? ".zh textarea" : ".en textarea") || row.querySelector("textarea");
    all("textarea", form).forEach(grow);
    area.focus({ preventScroll: true });
    const at = chosen.words ? area.value.indexOf(chosen.words) : -1;
    if (at >= 0) area.setSelectionRange(at, at + chosen.words.length);
    else area.setSelectionRange(chosen.at ?? 0, chosen.at ?? 0);
    area.scrollIntoView({ block: "nearest" });
    offer(form);
  };
  // Where in its sentence a click or the keyboard was, so that the caret stands there in the form.
  const offsetIn = (paragraph, event) => {
    const point = event && document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const range = event && !point ? document.caretRangeFromPoint?.(event.clientX, event.clientY) : null;
    const [node, offset] = point ? [point.offsetNode, point.offset] : range ? [range.startContainer, range.startOffset] : [];
    if (!node || !paragraph.contains(node)) return 0;
    const before = document.createRange();
    before.setStart(paragraph, 0);
    before.setEnd(node, offset);
    return before.toString().length;
  };
  const edit = (row, event) => {
    const section = row.closest(".block");
    const link = section?.querySelector("a.edit");
    if (!link || !window.htmx) return false;
    const leaf = event?.target.closest(".leaf") || row.querySelector(document.documentElement.lang.startsWith("zh") ? ".zh" : ".en");
    const place = { n: row.dataset.row, language: leaf.classList.contains("zh") ? "zh" : "en", at: offsetIn(leaf.querySelector("p"), event) };
    open(section, link.href, place);
    return true;
  };
  desk.edit = (row) => edit(row);
  addEventListener("click", (event) => {
    if (!window.htmx || event.ctrlKey || event.metaKey) return;
    const link = event.target.closest(".proof a.edit, .proof a.fix");
    if (link) {
      event.preventDefault();
      const section = link.closest(".block");
      const row = desk.row();
      const here = section.contains(row) ? row : section.querySelector(".s");
      if (link.matches(".fix") || !here) open(section, link.href);
      else edit(here);
      return;
    }
    const row = event.target.closest(".proof .block:not(.open) .s .leaf p")?.closest(".s");
    const interactive = event.target.closest("a, button, summary, .reasoned");
    if (row && !interactive && document.getSelection().isCollapsed) edit(row, event);
  });
  desk.leaveEditor = (target) => {
    const form = target.closest?.("form[data-editor]");
    if (!form) return false;
    form.querySelector("[value=done]").click();
    return true;
  };

  // ---- saving ----
  const save = (form) => {
    clearTimeout(of(form).timer);
    if (form.isConnected && dirty(form) && !form.querySelector(".clash")) htmx.trigger(form, "save");
  };
  const soon = (form, after = WAIT) => {
    clearTimeout(of(form).timer);
    of(form).timer = setTimeout(() => save(form), after);
  };
  const changed = (form) => {
    if (!dirty(form)) { forget(form); return; }
    if (!form.querySelector(".clash")) say(form, words.unsaved);
    keep(form);
    soon(form);
  };
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-editor]");
    if (!form) return;
    if (event.target.matches("textarea")) grow(event.target);
    if (!event.isComposing) changed(form);
  });
  document.addEventListener("compositionend", (event) => {
    const form = event.target.closest?.("form[data-editor]");
    if (form) changed(form);
  });
  const mine = (event) => {
    const asked = event.detail.requestConfig?.elt || event.detail.elt; // the answer may have taken the form away
    return asked?.matches?.("form[data-editor]") ? asked : null;
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = mine(event);
    if (!form) return;
    of(form).sent = held(form);
    say(form, words.saving);
  });
  const loggedOut = (xhr) => xhr?.responseURL?.includes("/desk/login/");
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (!loggedOut(xhr)) return;
    event.detail.shouldSwap = false;
    // A press that came to nothing is not passed over in silence; but an unsaved text is never left.
    if (mine(event) || all("form[data-editor]").some(dirty)) return;
    location.assign(`${new URL(xhr.responseURL).pathname}?next=${encodeURIComponent(location.pathname)}`);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = mine(event);
    if (!form) return;
    const { xhr } = event.detail;
    const here = of(form);
    if (xhr?.getResponseHeader?.("X-Saved")) {
      here.saved = here.sent;
      here.tries = 0;
      if (dirty(form)) soon(form); else forget(form);
    } else if (xhr?.status === 200 && !loggedOut(xhr)) {
      forget(form, xhr.getResponseHeader("X-Closed")); // refused or clashed: said in the form; nothing to try again
    } else {
      here.tries += 1;
      say(form, loggedOut(xhr) ? words.loggedOut : navigator.onLine === false || !xhr?.status ? words.offline : words.failed, true);
      soon(form, Math.min(30000, 1500 * 2 ** here.tries));
    }
  });
  addEventListener("online", () => all("form[data-editor]").forEach(save));
  // A form that the server answers with another one, filled in, starts from there.
  document.addEventListener("htmx:afterSettle", () => all("form[data-editor]").forEach((form) => of(form)));

  // ---- the copy in this browser, until the server has it ----
  const keep = (form) => {
    const copy = { at: Date.now(), fields: fields(form).filter((each) => each.type !== "checkbox").map((each) => [each.name, each.value]) };
    try { localStorage.setItem(store(form), JSON.stringify(copy)); } catch (error) { console.warn("no copy kept", error); }
  };
  const forget = (form, sure = "yes") => { if (sure) localStorage.removeItem(store(form)); };
  const offer = (form) => {
    const copy = JSON.parse(localStorage.getItem(store(form)) || "null");
    if (!copy) return;
    const differs = copy.fields.filter(([name, value]) => form.elements[name] && form.elements[name].value !== value);
    if (!differs.length) { forget(form); return; }
    const line = document.createElement("p");
    line.className = "note kept-copy";
    const at = new Date(copy.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    line.append(words.kept.replace("{time}", at), " ");
    for (const [text, take] of [[words.take, true], [words.discard, false]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", () => {
        if (take) for (const [name, value] of differs) form.elements[name].value = value;
        all("textarea", form).forEach(grow);
        line.remove();
        if (take) changed(form); else forget(form);
      });
      line.append(button, " ");
    }
    form.querySelector(".bh").after(line);
  };
  addEventListener("beforeunload", (event) => {
    if (all("form[data-editor]").some(dirty)) event.preventDefault();
  });

  // Chromium sizes a textarea by its content (field-sizing); elsewhere it is done here.
  const grow = (area) => {
    if (CSS.supports("field-sizing", "content")) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  };
})();
