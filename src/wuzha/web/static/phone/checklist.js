// 督导检查: the visits to make, the list filled at the place, and what the unit has to mend. All of it without a network.
import { button, icon, make, makeId, note, say, sayDay, writeDay } from "./dom.js";
import { canTakePhotos, shrink } from "./photo.js";
import { showPhoto } from "./record.js";

const store = self.wuzhaStore;
// Logging out anywhere on the site throws away what begins so (leave.js).
const DRAFT = "wuzha-kept:phone-check";
const REPORT = "rectification";
const VERDICTS = ["good", "bad", "unseen"];
const LONGEST = 300;
// As many as the server takes for one record.
const MOST_PHOTOS = 6;
const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 24 * 3600 * 1000;

// --- what is to do, less what was done on this phone since the server was asked ---

export async function listInspections(page) {
  const { inspections = [], mending = [], server_time: knownAt } = page.known;
  const [waiting, receipts] = await Promise.all([store.ofUser("records", page.user), store.ofUser("receipts", page.user)]);
  const fresh = receipts.filter((row) => Date.parse(row.received_at) >= Date.parse(knownAt));
  const wires = [...waiting, ...fresh].map((row) => row.wire);
  const filled = new Set(wires.filter((wire) => wire.answers).map((wire) => wire.visit));
  const reported = new Set([...waiting.filter((row) => row.state !== "refused"), ...fresh].map((row) => row.wire).filter((wire) => wire.kind === REPORT).map((wire) => (wire.extra || {}).finding));
  return {
    visits: inspections.flatMap((round) => round.visits.map((visit) => describe(round, visit))).filter((visit) => !filled.has(visit.id)),
    begun: listDrafts(page.user).filter((draft) => !filled.has(draft.visit.id)),
    mending: mending.filter((one) => !reported.has(one.number)),
  };
}

// A visit with all that is needed at the place, as it is kept with what is typed: the list of the server may change.
function describe(round, visit) {
  const items = round.items.filter((item) => visit.items.includes(item.code));
  const { title, office, opens, last, mend_days } = round;
  return Object.assign({}, visit, { round: title, office, opens, last, mend_days, items });
}

export function showInspections({ visits, begun, mending }, known) {
  const open = [...visits, ...begun.map((draft) => draft.visit).filter((visit) => !visits.some((one) => one.id === visit.id))];
  return [
    ...(open.length ? [make("h2", null, say("checks_title", { n: open.length })), make("ul.rows.checks", null, open.map((visit) => showVisit(visit, begun)))] : []),
    ...(mending.length ? [make("h2", null, say("mending_title", { n: mending.length })), make("ul.rows.mending", null, mending.map((one) => showFinding(one, known)))] : []),
  ];
}

function showVisit(visit, begun) {
  const isBegun = begun.some((draft) => draft.visit.id === visit.id);
  return make("li", null, make("a", { href: `#/check/${visit.id}` },
    make("span", null, make("strong", null, visit.unit), make("br"), make("span.muted", null, say("check_of", { round: visit.round, last: sayDay(visit.last) }))),
    make("span", null, isBegun ? say("check_begun") : say("check_open", { n: visit.items.length, minutes: visit.minutes }))));
}

function showFinding(one, known) {
  const isMixed = known.mending.some((other) => other.unit !== one.unit);
  const unit = isMixed ? known.units.find((each) => each.code === one.unit) : null;
  return make("li", null, make("a", { href: `#/record/mend/${encodeURIComponent(one.number)}` },
    make("span", null, make("strong", null, one.title), unit ? make("span.muted", null, ` ${unit.name}`) : null, make("br"), one.words, make("br"),
      make(`span.status.status-${one.overdue ? "missed" : "open"}`, null, `${one.overdue ? "○" : "◐"} ${say(one.overdue ? "mend_overdue" : "mend_due", { day: sayDay(one.mend_by), office: one.office })}`)),
    make("span.act", null, say("mend_report"))));
}

// The findings of the unit, so that its report names one of them by a tap.
export function makeFindingChoice(page, draft, detail) {
  const told = (draft.values.extra || {}).finding || "";
  const owed = (page.known.mending || []).filter((one) => one.unit === draft.unit);
  if (!owed.length) return null;
  const isGone = told && !owed.some((one) => one.number === told);
  const options = [make("option", { value: "" }, say("mend_other")), ...owed.map((one) => make("option", { value: one.number, selected: one.number === told }, `${one.title}：${one.words}`)),
    isGone ? make("option", { value: told, selected: true }, told) : null];
  // A select cuts off what is long: what was found is read below it.
  const found = make("p.form-text");
  const show = (number) => { found.textContent = (owed.find((one) => one.number === number) || { words: "" }).words; };
  show(told);
  return make("div.field", null, make("label.form-label", { htmlFor: "in-finding" }, detail.title),
    make("select.form-select", { id: "in-finding", name: "extra.finding", onchange: (event) => show(event.target.value) }, options), found);
}

// --- what is being typed ---

const memory = new Map();
const keyOf = (user, visit) => `${DRAFT}-${user}-${visit}`;

function readDraft(user, visit) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(user, visit))) || memory.get(keyOf(user, visit)) || null;
  } catch (error) {
    // A browser that keeps nothing between visits still keeps it until this one ends.
    return memory.get(keyOf(user, visit)) || null;
  }
}

function listDrafts(user) {
  const keys = new Set(memory.keys());
  try {
    Object.keys(localStorage).forEach((key) => keys.add(key));
  } catch (error) {
    // As above.
  }
  const mine = [...keys].filter((key) => key.startsWith(`${DRAFT}-${user}-`));
  return mine.map((key) => readDraft(user, key.slice(keyOf(user, "").length))).filter((draft) => draft && draft.touched);
}

function keepDraft(draft) {
  draft.touched = true;
  const key = keyOf(draft.user, draft.visit.id);
  memory.set(key, draft);
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch (error) {
    // As above.
  }
}

function forgetDraft(draft) {
  const key = keyOf(draft.user, draft.visit.id);
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch (error) {
    // Nothing was kept.
  }
}

export function checklistFromRow(row) {
  const typed = readDraft(row.user, row.visit.id);
  // What was mended a while ago and not saved is newer than what came back.
  if (typed && typed.id === row.id) return;
  const answers = {};
  for (const one of row.wire.answers) answers[one.item] = Object.assign({}, one);
  keepDraft({ id: row.id, user: row.user, visit: row.visit, answers, day: row.wire.happened_on, note: row.wire.note, problems: row.problems || [] });
}

async function dropDraft(page, draft) {
  if (!confirm(say("draft_sure"))) return;
  for (const photo of await store.list("photos")) if (photo.record === draft.id && photo.state === "draft") await store.drop("photos", photo.id);
  forgetDraft(draft);
  location.hash = "#/work";
}

function begin(page, visit) {
  return { id: makeId(), user: page.user, visit, answers: {}, day: writeDay(page.now()), note: "", problems: [], touched: false };
}

// --- the list ---

// Null where there is no such visit any more and nothing was typed for it.
export async function showChecklist(page, number) {
  const { visits } = await listInspections(page);
  const visit = visits.find((one) => one.id === Number(number));
  const kept = readDraft(page.user, number);
  const draft = kept || (visit ? begin(page, visit) : null);
  if (!draft) return null;
  const shown = draft.visit;
  const photos = (await store.ofUser("photos", page.user)).filter((row) => row.record === draft.id && row.bytes);
  const form = make("form.record-form.check-form", { noValidate: true });
  form.append(...[
    make("h1", null, say("check_title", { unit: shown.unit })),
    make("p.muted", null, say("check_when", { office: shown.office, round: shown.round, opens: sayDay(shown.opens), last: sayDay(shown.last) })),
    make("p", null, say("check_how")),
    shown.reason ? note("info", shown.reason) : null,
    page.isClockOff() ? note("warning", say("clock_day")) : null,
    ...draft.problems.map((one) => note("error", one.text)),
    ...showRecords(shown),
    ...shown.items.map((item, at) => makeItem(draft, item, at, photos)),
    makeArea("note", say("check_note"), draft.note, (value) => { draft.note = value; keepDraft(draft); }),
    makeDay("happened_on", say("check_day"), draft.day, (value) => { draft.day = value; keepDraft(draft); }),
    make("p.field-error.form-error", { hidden: true, role: "alert" }),
    make("div.save-bar.actions", null, make("button.btn.btn-primary", { type: "submit" }, icon("check-lg"), say("save"))),
    kept ? button(say("draft_drop"), () => dropDraft(page, draft), "btn-link") : null,
  ].filter(Boolean));
  form.addEventListener("submit", (event) => { event.preventDefault(); save(page, form, draft); });
  return [form];
}

function showRecords({ records }) {
  if (!records.length) return [];
  return [make("h2", null, say("check_records")), make("ul.plain", null, records.map((sentence) => make("li", null, sentence)))];
}

function makeItem(draft, item, at, photos) {
  const answer = () => draft.answers[item.code] || {};
  const change = (values) => {
    draft.answers[item.code] = Object.assign({ item: item.code, verdict: "", words: "", mend_by: null, photo: null }, answer(), values);
    keepDraft(draft);
  };
  const bad = make("div.wanting", null,
    makeDay(`mend_by-${item.code}`, say("check_mend_by"), answer().mend_by || "", (value) => change({ mend_by: value })),
    makePhoto(draft, item, photos, answer, change));
  const words = makeArea(`words-${item.code}`, say("check_words"), answer().words || "", (value) => change({ words: value }));
  const show = () => { words.hidden = !answer().verdict; bad.hidden = answer().verdict !== "bad"; };
  const choose = (verdict) => {
    change({ verdict, mend_by: answer().mend_by || dayAfter(draft.day, draft.visit.mend_days) });
    bad.querySelector("input[type=date]").value = answer().mend_by;
    show();
  };
  show();
  const radios = VERDICTS.map((verdict) => make("label.choice", null,
    make("input", { type: "radio", name: `verdict-${item.code}`, value: verdict, checked: answer().verdict === verdict, onchange: () => choose(verdict) }), make("span", null, say(`verdict_${verdict}`))));
  return make("fieldset.field.check", null, make("legend.form-label", null, `${at + 1}. ${item.title}`), make("p.muted", null, item.look), make("div.choices", null, radios), words, bad);
}

const dayAfter = (day, days) => (DAY.test(day) ? writeDay(new Date(new Date(`${day}T12:00:00`).getTime() + days * DAY_MS)) : "");

function makeArea(name, text, value, keep) {
  const area = make("textarea.form-control", { id: `in-${name}`, name, rows: 2, maxLength: LONGEST, oninput: (event) => keep(event.target.value) });
  area.value = value;
  return make("div.field", null, make("label.form-label", { htmlFor: `in-${name}` }, text), area);
}

function makeDay(name, text, value, keep) {
  const input = make("input.form-control", { id: `in-${name}`, name, type: "date", oninput: (event) => keep(event.target.value), onchange: (event) => keep(event.target.value) });
  input.value = value;
  return make("div.field", null, make("label.form-label", { htmlFor: `in-${name}` }, text), input);
}

// --- photos: one for an item that is wanting ---

// What is still being made smaller; saving waits for it, or the photo would stay behind.
let shrinking = Promise.resolve();

function makePhoto(draft, item, photos, answer, change) {
  if (!canTakePhotos) return make("p.muted", null, say("photos_need_https"));
  const strip = make("div.photos");
  const told = make("p.form-text", { role: "status", hidden: true });
  const input = make("input.visually-hidden", { type: "file", accept: "image/*", id: `in-photo-${item.code}` });
  const show = (row) => {
    while (strip.firstChild) strip.firstChild.remove();
    strip.append(showPhoto(row, () => change({ photo: null })));
  };
  const kept = photos.find((row) => row.id === answer().photo);
  if (kept) show(kept);
  input.addEventListener("change", () => {
    const [file] = input.files;
    input.value = "";
    if (file) shrinking = shrinking.then(() => addPhoto(draft, file, told, answer, (row) => { change({ photo: row.id }); show(row); }));
  });
  return make("div.field", null, make("label.btn.btn-outline-primary.photo-button", { htmlFor: input.id }, say("check_photo")), input, told, strip);
}

async function addPhoto(draft, file, told, answer, done) {
  told.hidden = false;
  const named = Object.values(draft.answers).filter((one) => one.photo && one.photo !== answer().photo);
  if (named.length >= MOST_PHOTOS) {
    told.textContent = say("check_photos_most", { n: MOST_PHOTOS });
    return;
  }
  told.textContent = say("photo_shrinking");
  try {
    const row = Object.assign({ id: makeId(), record: draft.id, user: draft.user, name: file.name || "photo.jpg", state: "draft" }, await shrink(file));
    await store.put("photos", row);
    if (answer().photo) await store.drop("photos", answer().photo);
    done(row);
    told.hidden = true;
  } catch (error) {
    told.textContent = say(error && error.name === "QuotaExceededError" ? "phone_full" : "photo_bad", { name: file.name });
  }
}

// --- saving: into the queue of the records, under an id made here ---

async function save(page, form, draft) {
  await shrinking;
  const told = form.querySelector(".form-error");
  const wrong = findMistake(form, draft);
  told.hidden = !wrong;
  if (wrong) {
    told.textContent = wrong.text;
    wrong.field.focus();
    return;
  }
  const wire = makeWire(draft);
  const row = { id: draft.id, user: page.user, wire, visit: draft.visit, title: say("check_row", { unit: draft.visit.unit }), unitName: draft.visit.office, state: "waiting", problems: [], kept: null, revision: makeId() };
  try {
    await keep(row, new Set(wire.answers.map((one) => one.photo)));
  } catch (error) {
    told.hidden = false;
    told.textContent = say("phone_full");
    return;
  }
  forgetDraft(draft);
  page.saved(row.id);
}

// The list and its photos as one; a photo that no answer names goes.
function keep(row, named) {
  return store.change(["records", "photos"], ([records, photos]) => {
    records.put(row);
    photos.openCursor().onsuccess = (event) => {
      const cursor = event.target.result;
      if (!cursor) return;
      if (cursor.value.record === row.id && !named.has(cursor.value.id)) cursor.delete();
      else if (cursor.value.record === row.id && cursor.value.state === "draft") cursor.update(Object.assign({}, cursor.value, { state: "waiting" }));
      cursor.continue();
    };
  });
}

function findMistake(form, draft) {
  const field = (name) => form.querySelector(`[name="${name}"]`);
  for (const { code, title } of draft.visit.items) {
    const answer = draft.answers[code] || {};
    if (!answer.verdict) return { field: field(`verdict-${code}`), text: say("need_choice", { field: title }) };
    if (answer.verdict !== "bad") continue;
    if (!(answer.words || "").trim()) return { field: field(`words-${code}`), text: say("check_need_words", { item: title }) };
    if (!DAY.test(answer.mend_by || "") || answer.mend_by <= draft.day) return { field: field(`mend_by-${code}`), text: say("check_need_mend_by", { item: title }) };
  }
  return DAY.test(draft.day || "") ? null : { field: field("happened_on"), text: say("need_day") };
}

function makeWire(draft) {
  const answers = draft.visit.items.map(({ code }) => {
    const { verdict, words, mend_by, photo } = draft.answers[code];
    const isBad = verdict === "bad";
    return { item: code, verdict, words: (words || "").trim(), mend_by: isBad ? mend_by : null, photo: isBad ? photo || null : null };
  });
  return { id: draft.id, visit: draft.visit.id, happened_on: draft.day, note: draft.note.trim(), answers };
}

// --- two versions of one list ---

// The lines in which the server's and the phone's differ: [what, the server's, the phone's].
export function compareLists(row) {
  const kept = row.kept;
  if (!kept) return [];
  const sayAnswer = (answer) => (answer ? [say(`verdict_${answer.verdict}`), answer.words, answer.mend_by ? sayDay(answer.mend_by) : ""].filter(Boolean).join(say("comma")) : "");
  const find = (wire, code) => wire.answers.find((one) => one.item === code);
  const lines = row.visit.items.map(({ code, title }) => [title, sayAnswer(find(kept, code)), sayAnswer(find(row.wire, code))]);
  lines.push([say("check_day"), sayDay(kept.happened_on), sayDay(row.wire.happened_on)], [say("check_note"), kept.note, row.wire.note]);
  return lines.filter(([, one, other]) => one !== other);
}
