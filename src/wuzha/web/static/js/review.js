// Keeps the document and the duties in step. The page works without this file; here are only the short ways.
(() => {
  "use strict";
  const page = document.querySelector(".review");
  if (!page) return;
  const cards = () => [...page.querySelectorAll(".duty-card")];
  const find = (duty) => document.getElementById(`duty-${duty}`);
  const narrow = window.matchMedia("(max-width: 899.98px)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let current = "";

  const holds = (element, duty) => (element.dataset.duties || "").split(" ").includes(duty);

  function show(side) {
    document.body.classList.add("with-script");
    document.body.classList.toggle("show-document", side === "document");
    document.body.classList.toggle("show-duties", side === "duties");
    document.querySelectorAll(".review-switch a").forEach((link) => {
      if (link.getAttribute("href") === `#${side}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }

  function markCurrent(duty) {
    current = duty;
    cards().forEach((card) => card.classList.toggle("is-current", card.dataset.duty === duty));
    page.querySelectorAll("[data-duties]").forEach((piece) => piece.classList.toggle("is-current", holds(piece, duty)));
  }

  function select(duty, from) {
    if (duty !== current) markCurrent(duty);
    const behaviour = calm.matches ? "auto" : "smooth";
    if (from !== "document" && !narrow.matches) {
      const sentence = [...page.querySelectorAll(".sentence[data-duties]")].find((piece) => holds(piece, duty));
      const paper = page.querySelector(".paper");
      if (sentence && paper) {
        const gap = sentence.getBoundingClientRect().top - paper.getBoundingClientRect().top;
        paper.scrollBy({ top: gap - paper.clientHeight / 3, behavior: behaviour });
      }
    }
    if (from !== "duties") {
      if (narrow.matches) show("duties");
      const card = find(duty);
      if (card) {
        card.focus({ preventScroll: true });
        card.scrollIntoView({ block: narrow.matches ? "start" : "nearest", behavior: behaviour });
      }
    }
  }

  // A sentence with several duties goes through them, one a click. A long review has its duties on several pages.
  function openSentence(sentence, piece) {
    const own = ((piece && piece.dataset.duties) || sentence.dataset.duties).split(" ");
    const duty = own[(own.indexOf(current) + 1) % own.length];
    if (find(duty)) select(duty, "document");
    else location.assign(`?duty=${duty}#duty-${duty}`);
  }

  page.addEventListener("click", (event) => {
    const sentence = event.target.closest(".sentence[data-duties]");
    if (sentence && !String(window.getSelection())) openSentence(sentence, event.target.closest("mark"));
  });
  page.addEventListener("focusin", (event) => {
    const card = event.target.closest(".duty-card");
    if (card) select(card.dataset.duty, "duties");
  });

  function step(by) {
    const all = cards();
    const at = all.findIndex((card) => card.dataset.duty === current);
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) {
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
    }
  }

  function press(key) {
    const card = find(current);
    const control = card && card.querySelector(`[data-key="${key}"]`);
    if (control) control.click();
  }

  const help = document.querySelector(".review-keys");
  const helpButton = () => document.querySelector(".review-help");
  const actions = {
    j: () => step(1),
    k: () => step(-1),
    a: () => press("a"),
    e: () => press("e"),
    d: () => press("d"),
    "?": () => help.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.key === "Enter" && event.target.matches(".sentence[data-duties]")) return openSentence(event.target, null);
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const act = actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest(".review-help")) help.showModal();
  });

  // Select words in the document: the form for a new duty opens with them and their place.
  const add = document.querySelector(".review-add");
  const paper = page.querySelector(".paper");
  const points = (text) => [...text].length;
  function findStart(range) {
    const piece = range.startContainer.parentElement && range.startContainer.parentElement.closest("[data-start]");
    if (!piece) return "";
    const before = document.createRange();
    before.setStart(piece, 0);
    before.setEnd(range.startContainer, range.startOffset);
    return Number(piece.dataset.start) + points(String(before));
  }
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const words = String(selection).trim();
    const inside = words && selection.rangeCount && paper && paper.contains(selection.getRangeAt(0).commonAncestorContainer);
    add.hidden = !inside || words.includes("\n") || words.length > 2000;
    if (add.hidden) return;
    const range = selection.getRangeAt(0);
    const skipped = String(range).length - String(range).trimStart().length;
    const start = findStart(range);
    const query = new URLSearchParams({ quote: words, start: start === "" ? "" : start + skipped });
    add.href = `${paper.dataset.new}?${query}`;
  });

  // After htmx has swapped a card, stay where the work is: on the form, or on the next duty that waits.
  const failure = document.querySelector(".review-failure");
  let decided = "";
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const card = event.target.closest(".duty-card");
    decided = card && event.target.closest("form") && !card.classList.contains("duty-mending") ? card.dataset.duty : "";
    failure.hidden = true;
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (helpButton()) helpButton().hidden = false;
    const duty = event.target.dataset && event.target.dataset.duty;
    if (!duty) return;
    const card = find(duty);
    markCurrent(duty);
    const all = cards();
    const waits = (other) => other.dataset.decision === "proposed";
    const next = decided === duty && card.dataset.decision !== "proposed" && all.slice(all.indexOf(card) + 1).find(waits);
    const goal = next || card;
    const field = goal.classList.contains("duty-mending") && goal.querySelector(".is-invalid, select, input:not([type=hidden])");
    (field || goal).focus({ preventScroll: Boolean(field) });
    if (!field) goal.scrollIntoView({ block: "nearest" });
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(name, () => {
      failure.hidden = false;
    });
  }

  document.querySelectorAll(".review-switch a").forEach((link) =>
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(link.getAttribute("href").slice(1));
    }),
  );
  if (helpButton()) helpButton().hidden = false;
  const wanted = location.hash.startsWith("#duty-") && find(location.hash.slice(6));
  show(wanted || !paper ? "duties" : "document");
  if (wanted) select(location.hash.slice(6), "hash");
})();
