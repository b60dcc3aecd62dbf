// Keeps what is being typed into the form of a duty on this machine, so that a reload or a cut line loses nothing.
// What was kept is offered again, never put in unasked, and is thrown away after a week.
(() => {
  "use strict";
  const PREFIX = "wuzha-kept:";
  const WEEK_MS = 7 * 24 * 3600 * 1000;
  let store;
  try {
    store = window.localStorage;
  } catch {
    return;
  }
  const formOf = (element) => element.closest && element.closest("form[data-keep]");
  const keyOf = (form) => PREFIX + form.dataset.keep;
  const isOurs = (name) => name !== "csrfmiddlewaretoken" && name !== "revision";
  const readFields = (form) => [...new FormData(form)].filter(([name, value]) => isOurs(name) && value !== "");

  function read(key) {
    try {
      return JSON.parse(store.getItem(key));
    } catch {
      return null;
    }
  }

  function write(key, kept) {
    try {
      store.setItem(key, JSON.stringify(kept));
    } catch {
      // The browser has no room left: the form still works, only nothing is kept.
    }
  }

  const keep = (form, sent) => write(keyOf(form), { at: Date.now(), sent, fields: readFields(form) });

  function put(form, fields) {
    for (const field of form.elements) {
      if (!field.name || !isOurs(field.name) || field.type === "submit") continue;
      const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else field.value = values[0] || "";
    }
  }

  function makeNote(key, take) {
    const note = document.querySelector(".review-kept").content.firstElementChild.cloneNode(true);
    note.addEventListener("click", (event) => {
      const what = event.target.dataset.kept;
      if (!what) return;
      note.remove();
      if (what === "take") take();
      else store.removeItem(key);
    });
    return note;
  }

  let takeAtOnce = "";

  function offer(form) {
    const key = keyOf(form);
    const kept = read(key);
    if (!kept || JSON.stringify(kept.fields) === JSON.stringify(readFields(form))) return;
    write(key, { ...kept, sent: false });
    if (takeAtOnce === key) put(form, kept.fields);
    else form.prepend(makeNote(key, () => put(form, kept.fields)));
    takeAtOnce = "";
  }

  // On the review itself the form is not open: the card of the duty says that something is kept for it.
  function offerOnCards(page) {
    const own = `${PREFIX}${page.dataset.keep}-`;
    for (const key of Object.keys(store).filter((name) => name.startsWith(own))) {
      const card = document.getElementById(`duty-${key.slice(own.length)}`);
      const mend = card && card.querySelector('[data-key="e"]');
      if ((read(key) || {}).sent) store.removeItem(key);
      else if (mend) card.append(makeNote(key, () => open(key, mend)));
    }
  }

  function open(key, mend) {
    takeAtOnce = key;
    mend.click();
  }

  function forgetOld() {
    for (const key of Object.keys(store).filter((name) => name.startsWith(PREFIX))) {
      const kept = read(key);
      if (!kept || Date.now() - kept.at > WEEK_MS) store.removeItem(key);
    }
  }

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = formOf(event.target);
      if (form) keep(form, false);
    });
  }
  document.addEventListener("submit", (event) => {
    const form = formOf(event.target);
    if (form && read(keyOf(form))) keep(form, true);
  });
  document.addEventListener("click", (event) => {
    // Only a person's own click throws away; the key Escape leaves what was typed to be offered again.
    const form = event.isTrusted && event.target.closest("[data-leave]") && formOf(event.target);
    if (form) store.removeItem(keyOf(form));
  });
  document.addEventListener("keydown", (event) => {
    const leave = document.querySelector("main > form [data-leave]");
    if (event.key === "Escape" && leave) leave.click();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const form = event.target.querySelector && event.target.querySelector("form[data-keep]");
    if (form) return offer(form);
    const page = document.querySelector(".review[data-keep]");
    const duty = event.target.dataset && event.target.dataset.duty;
    const key = page && duty && `${PREFIX}${page.dataset.keep}-${duty}`;
    if (key && (read(key) || {}).sent) store.removeItem(key);
  });

  forgetOld();
  document.querySelectorAll("form[data-keep]").forEach(offer);
  const page = document.querySelector(".review[data-keep]");
  if (page) offerOnCards(page);
})();
