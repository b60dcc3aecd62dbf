// The review of a plan: document and duties in step, and every action by a key. The page works without this file.
(() => {
  "use strict";
  const page = document.querySelector(".review");
  if (!page) return;
  const paper = page.querySelector(".paper");
  const narrow = window.matchMedia("(max-width: 899.98px)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const find = (duty) => document.getElementById(`duty-${duty}`);
  const cards = () => [...page.querySelectorAll(".duty-card")];
  const sentences = paper ? [...paper.querySelectorAll(".sentence[data-mark]")] : [];
  const marks = paper ? [...paper.querySelectorAll("mark")] : [];
  const holds = (element, duty) => (element.dataset.duties || "").split(" ").includes(duty);
  let current = "";
  // Which side the person moves; the other one follows, and what follows never leads.
  let leader = "";

  // --- one duty and its sentence ---

  function markCurrent(duty) {
    current = duty;
    cards().forEach((card) => card.classList.toggle("is-current", card.dataset.duty === duty));
    page.querySelectorAll("[data-duties]").forEach((piece) => piece.classList.toggle("is-current", holds(piece, duty)));
  }

  function showInPaper(duty) {
    const mark = marks.find((piece) => holds(piece, duty));
    if (!mark || narrow.matches) return;
    const gap = mark.getBoundingClientRect().top - paper.getBoundingClientRect().top;
    paper.scrollBy({ top: gap - paper.clientHeight / 3, behavior: calm.matches ? "auto" : "smooth" });
  }

  function goToCard(duty, block = "nearest") {
    const card = find(duty);
    if (!card) return false;
    leader = "";
    markCurrent(duty);
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: narrow.matches ? "start" : block });
    if (block === "nearest") showInPaper(duty);
    return true;
  }

  // A long review has its duties on several pages, and a filter may hide some.
  function openDuty(duty) {
    if (!goToCard(duty, "center")) location.assign(`?duty=${duty}#duty-${duty}`);
  }

  // A sentence with several duties goes through them, one a time.
  function openSentence(sentence, piece) {
    const own = ((piece && piece.dataset.duties) || sentence.dataset.duties).split(" ");
    openDuty(own[(own.indexOf(current) + 1) % own.length]);
  }

  function goToPaper() {
    const mark = marks.find((piece) => holds(piece, current));
    const sentence = mark ? mark.closest(".sentence") : sentences[0];
    if (sentence) goToSentence(sentences.indexOf(sentence), false);
  }

  page.addEventListener("click", (event) => {
    if (event.target.closest(".to-paper")) {
      event.preventDefault();
      markCurrent(event.target.closest(".duty-card").dataset.duty);
      return goToPaper();
    }
    const sentence = event.target.closest(".sentence[data-duties]");
    if (!sentence || String(window.getSelection()).trim()) return;
    event.preventDefault();
    openSentence(sentence, event.target.closest("mark"));
  });
  page.addEventListener("focusin", (event) => {
    // Whoever tabs along the signs of the sentences goes on from there with the other keys.
    if (event.target.matches(".to-duty")) first = last = sentences.indexOf(event.target.closest(".sentence"));
    const card = event.target.closest(".duty-card");
    if (!card || card.dataset.duty === current) return;
    markCurrent(card.dataset.duty);
    showInPaper(current);
  });

  // --- sentences by the keyboard ---

  let first = -1;
  let last = -1;

  function goToSentence(place, widen) {
    last = Math.min(Math.max(place, 0), sentences.length - 1);
    if (!widen || first < 0) first = last;
    const [low, high] = [Math.min(first, last), Math.max(first, last)];
    sentences.forEach((sentence, number) => sentence.classList.toggle("is-chosen", number >= low && number <= high));
    const sentence = sentences[last];
    sentence.tabIndex = -1;
    sentence.focus({ preventScroll: true });
    sentence.scrollIntoView({ block: "center" });
    if (sentence.dataset.duties) markCurrent(sentence.dataset.duties.split(" ")[0]);
  }

  // Places count signs of the document's text, a sign outside the first plane once.
  const points = (text) => [...text].length;
  const startOf = (piece) => Number(piece.dataset.start);
  const endOf = (piece) => startOf(piece) + points(piece.textContent);

  function addFromSentences() {
    const [low, high] = [Math.min(first, last), Math.max(first, last)];
    const chosen = sentences.slice(low, high + 1);
    const pieces = chosen.flatMap((sentence) => [...sentence.querySelectorAll("[data-start]")]);
    if (!pieces.length) return;
    const [start, end] = [startOf(pieces[0]), endOf(pieces[pieces.length - 1])];
    if (tellLength(end - start)) location.assign(addressOf(start, end));
  }

  const tooLong = document.querySelector(".review-too-long");

  // Whether the words of one duty may be as long; says so if not.
  function tellLength(count) {
    tooLong.hidden = count <= Number(tooLong.dataset.longest);
    return tooLong.hidden;
  }

  const addressOf = (start, end) => `${paper.dataset.new}?${new URLSearchParams({ start, end })}`;
  const inPaper = () => paper && paper.contains(document.activeElement);

  // --- keys ---

  function step(by, event) {
    if (inPaper()) return goToSentence((last < 0 ? -Math.max(by, 0) : last) + by, event.shiftKey);
    const all = cards();
    const at = all.findIndex((card) => card.dataset.duty === current);
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) goToCard(next.dataset.duty);
  }

  function press(key) {
    const card = find(current);
    const control = card && card.querySelector(`[data-key="${key}"]`);
    if (control) control.click();
  }

  const ticked = () => [...page.querySelectorAll(".choose input:checked")];

  function merge() {
    const form = document.getElementById("merge-form");
    const all = cards();
    const at = all.findIndex((card) => card.dataset.duty === current);
    if (ticked().length < 2 && at > 0) {
      ticked().forEach((box) => (box.checked = false));
      [all[at - 1], all[at]].forEach((card) => (card.querySelector(".choose input").checked = true));
    }
    if (form && ticked().length > 1) form.requestSubmit();
  }

  function goToNextOpen() {
    const all = cards();
    const at = all.findIndex((card) => card.dataset.duty === current);
    const next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((card) => card.dataset.decision === "proposed");
    if (next) goToCard(next.dataset.duty);
  }

  function answer() {
    const field = find(current) && find(current).querySelector(".answers :is(select, input:not([type=hidden]))");
    if (field) field.focus();
  }

  function takeStep(name) {
    const button = document.querySelector(`[data-step="${name}"]`);
    if (button) button.click();
  }

  function search() {
    const field = page.querySelector(".review-search [type=search]");
    if (field) field.select();
    if (field) field.focus();
  }

  function leave() {
    const card = document.activeElement.closest(".duty-card");
    const mending = card && document.activeElement === card && card.querySelector("[data-leave]");
    if (mending) mending.click();
    else if (card) card.focus();
    else if (inPaper() && current) goToCard(current);
    else document.activeElement.blur();
  }

  const help = document.querySelector(".review-keys");
  const actions = {
    j: (event) => step(1, event),
    k: (event) => step(-1, event),
    J: (event) => step(1, event),
    K: (event) => step(-1, event),
    ArrowDown: (event) => step(1, event),
    ArrowUp: (event) => step(-1, event),
    o: () => (inPaper() ? current && openDuty(current) : goToPaper()),
    n: () => (inPaper() && last >= 0 ? addFromSentences() : goToNextOpen()),
    m: merge,
    q: answer,
    u: () => takeStep("undo"),
    r: () => takeStep("redo"),
    l: () => page.querySelector(".review-step input").click(),
    "/": search,
    "?": () => help.showModal(),
  };
  for (const key of ["a", "e", "d", "s", "x", "h"]) actions[key] = () => press(key);
  const arrows = ["ArrowDown", "ArrowUp"];

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help.open) return;
    leader = inPaper() ? "paper" : "duties";
    if (event.key === "Escape") return leave();
    if (event.target.closest("input, textarea, select, summary, [contenteditable]")) return;
    if (arrows.includes(event.key) && !event.target.closest(".duty-card, .sentence, .paper")) return;
    if (event.key === "Enter" && event.target.matches(".sentence")) {
      event.preventDefault();
      return event.target.dataset.duties ? openSentence(event.target, null) : addFromSentences();
    }
    const act = actions[event.key];
    if (!act) return;
    event.preventDefault();
    act(event);
  });

  // --- in step while scrolling ---

  const KEPT = "wuzha-review-step";
  const label = page.querySelector(".review-step");
  const wanted = label.querySelector("input");
  const store = (() => {
    try {
      return window.localStorage;
    } catch {
      return null;
    }
  })();
  label.hidden = !paper;
  wanted.checked = !store || store.getItem(KEPT) !== "off";
  wanted.addEventListener("change", () => store && store.setItem(KEPT, wanted.checked ? "on" : "off"));
  const isInStep = (side) => paper && leader === side && wanted.checked && !narrow.matches;

  for (const kind of ["wheel", "touchmove", "pointerdown"]) {
    document.addEventListener(
      kind,
      (event) => (leader = paper && paper.contains(event.target) ? "paper" : "duties"),
      { passive: true },
    );
  }

  function follow(side, act) {
    let asked = false;
    return () => {
      if (asked || !isInStep(side)) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        if (isInStep(side)) act();
      });
    };
  }

  function bringPaper() {
    const top = 96;
    const card = cards().find((one) => one.getBoundingClientRect().bottom > top + 40);
    const mark = card && marks.find((piece) => holds(piece, card.dataset.duty));
    if (!mark) return;
    paper.scrollTop += mark.getBoundingClientRect().top - paper.getBoundingClientRect().top - 24;
  }

  function bringDuties() {
    const top = paper.getBoundingClientRect().top;
    const mark = marks.find((piece) => piece.getBoundingClientRect().top >= top + 8);
    const card = mark && find(mark.dataset.duties.split(" ")[0]);
    if (card) window.scrollBy(0, card.getBoundingClientRect().top - 96);
  }

  if (paper) paper.addEventListener("scroll", follow("paper", bringDuties), { passive: true });
  window.addEventListener("scroll", follow("duties", bringPaper), { passive: true });

  // --- one fate alone ---

  page.querySelectorAll("[data-fate]").forEach((link) =>
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const alone = paper.dataset.only === link.dataset.fate ? "" : link.dataset.fate;
      paper.dataset.only = alone;
      page.querySelectorAll("[data-fate]").forEach((other) => {
        if (other.dataset.fate === alone) other.setAttribute("aria-current", "true");
        else other.removeAttribute("aria-current");
      });
    }),
  );

  // --- words selected with the mouse or a finger ---

  const add = document.querySelector("a.review-add");
  let waiting = 0;

  function offerWords() {
    const selection = document.getSelection();
    const range = selection.rangeCount ? selection.getRangeAt(0) : null;
    const words = String(selection).trim();
    const touched = words && range && paper ? findPieces(range) : [];
    add.hidden = !touched.length || !tellLength(points(words));
    if (!touched.length) tooLong.hidden = true;
    if (add.hidden) return;
    const [from, to] = [touched[0], touched[touched.length - 1]];
    const start = from.contains(range.startContainer) ? startOf(from) + before(from, range, "start") : startOf(from);
    const end = to.contains(range.endContainer) ? startOf(to) + before(to, range, "end") : endOf(to);
    add.href = addressOf(start, end);
  }

  const findPieces = (range) =>
    paper.contains(range.commonAncestorContainer) || range.intersectsNode(paper)
      ? [...paper.querySelectorAll("[data-start]")].filter((piece) => range.intersectsNode(piece))
      : [];

  function before(piece, range, edge) {
    const part = document.createRange();
    part.setStart(piece, 0);
    part.setEnd(range[`${edge}Container`], range[`${edge}Offset`]);
    return points(String(part));
  }

  // A finger on the button takes the selection away first, and the button must still be there then.
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(offerWords, String(document.getSelection()) ? 150 : 600);
  });

  // --- after htmx has swapped a card: stay on the form, or go to the next duty that waits ---

  const failure = document.querySelector(".review-failure");
  let decided = "";
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const card = event.target.closest(".duty-card");
    const saves = card && event.detail.requestConfig.verb === "post" && !card.classList.contains("duty-mending");
    decided = saves ? card.dataset.duty : "";
    failure.hidden = true;
  });
  // What is folded away cannot take the focus.
  function findFirstField(form) {
    const fields = [...form.querySelectorAll(".is-invalid, select, input:not([type=hidden])")];
    const seen = fields.filter((field) => !field.closest("details:not([open])"));
    return seen.find((field) => field.matches(".is-invalid")) || seen[0];
  }

  document.body.addEventListener("htmx:afterSettle", (event) => {
    showHelpButton();
    const duty = event.target.dataset && event.target.dataset.duty;
    if (!duty) return;
    const card = find(duty);
    markCurrent(duty);
    const all = cards();
    const waits = (other) => other.dataset.decision === "proposed";
    const next = decided === duty && card.dataset.decision !== "proposed" && all.slice(all.indexOf(card) + 1).find(waits);
    const goal = next || card;
    const field = goal.classList.contains("duty-mending") && findFirstField(goal);
    (field || goal).focus({ preventScroll: Boolean(field) });
    if (!field) goal.scrollIntoView({ block: "nearest" });
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(name, () => {
      failure.hidden = false;
    });
  }

  // --- begin ---

  document.body.classList.add("with-script");

  function showHelpButton() {
    const button = document.querySelector(".review-help");
    if (button) button.hidden = false;
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest(".review-help")) help.showModal();
  });
  showHelpButton();
  const tools = document.getElementById("merge-form");
  const tell = () => tools && tools.classList.toggle("is-ready", ticked().length > 1);
  page.addEventListener("change", tell);
  tell();
  if (location.hash.startsWith("#duty-")) goToCard(location.hash.slice(6));
})();
