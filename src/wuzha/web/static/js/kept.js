// Keeps what is being typed or chosen on the review on this machine, so that a reload or a cut line loses nothing:
// mending, answering, merging, splitting. What was kept is offered again, never put in unasked. It is thrown away after
// a week, when its person logs out (leave.js), and when somebody else works here.
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
  // Not what the page itself says: which duties they are, and the state of them that the person has seen.
  const isOurs = (name) => !["csrfmiddlewaretoken", "duty"].includes(name) && !name.startsWith("revision");
  // A file cannot be kept here, nor put back into its field.
  const readFields = (form) => [...new FormData(form)].filter(([name, value]) => isOurs(name) && typeof value === "string");

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
    // Two questions on one card may ask for the same thing, so a name may come twice.
    const left = [...fields];
    const take = (name) => {
      const at = left.findIndex(([other]) => other === name);
      return at < 0 ? "" : left.splice(at, 1)[0][1];
    };
    for (const field of form.elements) {
      if (!field.name || !isOurs(field.name) || field.type === "submit" || field.type === "file") continue;
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = fields.some(([name, value]) => name === field.name && value === field.value);
      } else field.value = take(field.name);
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

  const TAKE = "#kept";
  let takeAtOnce = "";

  function offer(form) {
    const key = keyOf(form);
    const kept = read(key);
    if (!kept) return;
    write(key, { ...kept, sent: false });
    if (JSON.stringify(kept.fields) === JSON.stringify(readFields(form))) return;
    const isAsked = takeAtOnce === key || (location.hash === TAKE && form.matches("main > form"));
    if (isAsked) put(form, kept.fields);
    else form.prepend(makeNote(key, () => put(form, kept.fields)));
    takeAtOnce = "";
  }

  // On the review itself most forms are not open: the card of the duty says that something is kept for it. Sent is not
  // saved: the line may have been cut, the log-in over, a colleague faster. Only what the server names is let go.
  function offerOnCards(page) {
    const own = `${PREFIX}${page.dataset.keep}-`;
    const saved = new URLSearchParams(location.search).get("saved");
    for (const key of Object.keys(store).filter((name) => name.startsWith(own))) {
      const what = key.slice(own.length);
      if (what === saved && (read(key) || {}).sent) store.removeItem(key);
      else offerOnCard(key, what.split("-"));
    }
  }

  // A key ends in the duty, or in what is done and the duties it is done to: 12, answer-12, split-12, merge-12-15.
  function offerOnCard(key, words) {
    const what = words.length > 1 ? words.shift() : "mend";
    const card = document.getElementById(`duty-${words[0]}`);
    const find = (letter) => card && card.querySelector(`[data-key="${letter}"]`);
    if (what === "mend" && find("e")) card.append(makeNote(key, () => open(key, find("e"))));
    if (what === "split" && find("s")) card.append(makeNote(key, () => location.assign(find("s").href + TAKE)));
    if (what === "merge" && card) card.append(makeNote(key, () => location.assign(addressOf(words))));
  }

  function addressOf(duties) {
    const asked = new URLSearchParams(duties.map((duty) => ["duty", duty]));
    return `${document.getElementById("merge-form").action}?${asked}${TAKE}`;
  }

  function open(key, mend) {
    takeAtOnce = key;
    mend.click();
  }

  // What the server says it has saved is let go; all else that was sent is still only here.
  function settle(page, card, saved) {
    const own = `${PREFIX}${page.dataset.keep}-`;
    for (const what of [card.dataset.duty, `answer-${card.dataset.duty}`]) {
      const kept = read(own + what) || {};
      if (kept.sent && what === saved) store.removeItem(own + what);
      else if (kept.sent) write(own + what, { ...kept, sent: false });
    }
  }

  function forgetOld(person) {
    for (const key of Object.keys(store).filter((name) => name.startsWith(PREFIX))) {
      const kept = read(key);
      const isOld = !kept || Date.now() - kept.at > WEEK_MS;
      if (isOld || !key.startsWith(`${PREFIX}${person}-`)) store.removeItem(key);
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
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      const form = formOf(event.target);
      if (form && read(keyOf(form))) keep(form, false);
    });
  }
  document.addEventListener("htmx:afterSettle", (event) => {
    const page = document.querySelector(".review[data-keep]");
    const card = event.target;
    const answer = event.detail && event.detail.xhr;
    const saved = answer ? answer.getResponseHeader("Wuzha-Saved") : "";
    if (page && card.dataset && card.dataset.duty) settle(page, card, saved);
    if (card.querySelectorAll) card.querySelectorAll("form[data-keep]").forEach(offer);
  });

  const first = document.querySelector("[data-keep]");
  if (first) forgetOld(first.dataset.keep.split("-")[0]);
  const page = document.querySelector(".review[data-keep]");
  if (page) offerOnCards(page);
  document.querySelectorAll("form[data-keep]").forEach(offer);
})();
