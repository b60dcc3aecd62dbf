// 记一笔: kind, what the duty still needs, the number, a photo if wanted. What is typed is kept at every keystroke.
import { button, icon, knows, make, makeId, note, say, writeDay } from "./dom.js";
import { makeFindingChoice } from "./checklist.js";
import { canTakePhotos, shrink } from "./photo.js";

const store = self.wuzhaStore;
// Logging out anywhere on the site throws away what begins with these signs (leave.js).
const DRAFT = "wuzha-kept:phone";
const ONE_AT_A_TIME = ["event", "posting", "site", "filing", "check"];
const WHOLE = ["quantity", "people", "at_m"];
const DECIMAL = ["area_m2", "loss_yuan"];
const TEXT = ["subject", "change", "grade", "place", "audience"];
const LONGEST = { subject: 64, place: 120, audience: 120, note: 2000 };
// Less exact than this, the map has no use for it.
const COARSE_M = 100;
const SHAPES = ["event", "visit", "handout", "pledge", "site", "posting", "filing", "check", "count"];

// --- what is being typed ---

let memory = null;

export function readDraft(user) {
  let draft = memory;
  try {
    draft = JSON.parse(localStorage.getItem(DRAFT));
  } catch (error) {
    // A browser that keeps nothing between visits still keeps it until this one ends.
  }
  return draft && draft.user === user ? draft : null;
}

function keepDraft(draft) {
  memory = draft;
  try {
    localStorage.setItem(DRAFT, JSON.stringify(draft));
  } catch (error) {
    // As above.
  }
}

async function forgetDraft() {
  memory = null;
  try {
    localStorage.removeItem(DRAFT);
  } catch (error) {
    // Nothing was kept.
  }
}

export const isTyping = (user) => {
  const draft = readDraft(user);
  return Boolean(draft && draft.touched);
};

export function draftFromRow(row) {
  const values = Object.assign({}, row.wire.extra ? { extra: row.wire.extra } : {}, row.wire);
  keepDraft({ id: row.id, user: row.user, unit: row.wire.unit, kind: row.wire.kind, values, touched: true, recorded_at: row.wire.recorded_at, mends: true, problems: row.problems || [] });
}

function beginDraft(page, kind, task, unit, visit) {
  const draft = { id: makeId(), user: page.user, unit, kind: kind.code, touched: false, recorded_at: new Date().toISOString(), problems: [] };
  const wanted = task || findTask(page, unit, kind.code) || {};
  const only = (list) => (list && list.length === 1 ? list[0] : "");
  draft.values = {
    happened_on: writeDay(page.now()),
    quantity: ONE_AT_A_TIME.includes(kind.shape) ? 1 : "",
    place: kind.asks.includes("place") ? only(wanted.places) : "",
    audience: kind.asks.includes("audience") ? only(wanted.audiences) : "",
    grade: wanted.grade || "",
    change: kind.shape === "site" ? "install" : "",
  };
  if (visit && visit.finding) draft.values.extra = { finding: visit.finding };
  else if (visit) fillVisit(draft, visit);
  keepDraft(draft);
  return draft;
}

// What the round's duty names goes with the visit even where the form does not ask for it, or it would not count.
function fillVisit(draft, { subject, round, place = "", audience = "" }) {
  draft.round = round;
  draft.fixed = { place, audience };
  Object.assign(draft.values, { quantity: 1, subject, place, audience });
}

const findTask = (page, unit, kind) => (page.known.work || []).find((task) => task.unit === unit && task.kinds.includes(kind));
const findKind = (page, code) => page.known.kinds.find((kind) => kind.code === code);

// --- which kind ---

export function showKinds(page, task) {
  const { known } = page;
  if (!known.units.length) return [make("h1", null, say("record_title")), note("info", say("no_units"))];
  const draft = readDraft(page.user);
  const unit = page.unit();
  const kinds = task ? task.kinds.map((code) => findKind(page, code)).filter(Boolean) : [];
  if (task && kinds.length === 1) return showForm(page, kinds[0], task);
  const used = ((known.used || {})[unit] || []).map((code) => findKind(page, code)).filter(Boolean).slice(0, 3);
  const link = (kind) => make("li", null, make("a.kind", { href: task ? `#/record/task/${page.taskAt(task)}/${kind.code}` : `#/record/${kind.code}` }, kind.title));
  const shapes = SHAPES.map((shape) => [shape, known.kinds.filter((kind) => kind.shape === shape)]).filter(([, list]) => list.length);
  return [
    make("h1", null, say(task ? "record_which" : "record_title")),
    draft && draft.touched && findKind(page, draft.kind)
      ? note("info", make("p", null, say("draft_there", { kind: findKind(page, draft.kind).title })),
        make("div.actions", null, make("a.btn.btn-primary", { href: `#/record/${draft.kind}` }, say("draft_on")), button(say("draft_drop"), () => dropDraft(page, draft), "btn-link")))
      : null,
    known.units.length > 1 ? chooseUnit(page, unit) : null,
    kinds.length ? make("ul.kind-list.kind-list-first", null, kinds.map(link)) : null,
    !kinds.length && used.length ? make("h2", null, say("used_most")) : null,
    !kinds.length && used.length ? make("ul.kind-list.kind-list-first", null, used.map(link)) : null,
    ...(kinds.length ? [] : shapes.map(([shape, list]) => make("section", null, make("h2", null, say(`shape_${shape}`)), make("ul.kind-list", null, list.map(link))))),
  ];
}

function chooseUnit(page, unit) {
  return make("div.field", null, make("label.form-label", { htmlFor: "unit" }, say("unit")),
    make("select.form-select", { id: "unit", onchange: (event) => { page.setUnit(event.target.value); page.redraw(); } },
      page.known.units.map((one) => make("option", { value: one.code, selected: one.code === unit }, one.name))));
}

async function dropDraft(page, draft) {
  if (!confirm(say("draft_sure"))) return;
  await forgetPhotos(draft.id);
  await forgetDraft();
  page.redraw();
}

async function forgetPhotos(record) {
  for (const photo of await store.list("photos")) if (photo.record === record && photo.state === "draft") await store.drop("photos", photo.id);
}

// --- the form ---

const isElse = (visit, values) => (visit.finding ? (values.extra || {}).finding !== visit.finding : values.subject !== visit.subject);

// `visit` is the unit and the number of a visit round and what its duty names, or of a finding, filled in for the person.
export async function showForm(page, kind, task, visit) {
  let draft = readDraft(page.user);
  const isOther = draft && (draft.kind !== kind.code || (visit && isElse(visit, draft.values)));
  if (draft && draft.touched && isOther && !confirm(say("draft_sure"))) {
    location.hash = `#/record/${draft.kind}`;
    return showKinds(page, null);
  }
  if (!draft || !draft.touched || isOther) {
    if (draft && !draft.mends) await forgetPhotos(draft.id);
    draft = beginDraft(page, kind, task, visit ? visit.unit : task ? task.unit : page.unit(), visit);
  }
  const asked = task || findTask(page, draft.unit, kind.code);
  const unit = page.known.units.find((one) => one.code === draft.unit);
  const form = make("form.record-form", { noValidate: true });
  const general = draft.problems.filter((one) => !one.field);
  form.append(...[
    make("h1", null, kind.title),
    make("p.muted", null, unit ? unit.name : draft.unit),
    asked ? make("p.answer.wanted", null, asked.text) : null,
    page.isClockOff() ? note("warning", say("clock_day")) : null,
    ...general.map((one) => note("error", one.text)),
    ...kind.asks.map((name) => makeField(name, kind, draft, asked)),
    ...(kind.details || []).map((detail) => (detail.code === "finding" && makeFindingChoice(page, draft, detail)) || makeDetail(detail, draft)),
    makeInput("happened_on", draft, { type: "date" }),
    makeNote(draft),
    await makePhotos(page, draft),
    make("p.field-error.form-error", { hidden: true, role: "alert" }),
    make("div.save-bar.actions", null, make("button.btn.btn-primary", { type: "submit" }, icon("check-lg"), say("save"))),
  ].filter(Boolean));
  form.addEventListener("input", (event) => keepTyped(draft, event.target));
  form.addEventListener("change", (event) => keepTyped(draft, event.target));
  form.addEventListener("submit", (event) => { event.preventDefault(); save(page, form, kind, draft); });
  return [form];
}

function keepTyped(draft, field) {
  if (field.name.startsWith("extra.")) draft.values.extra = Object.assign({}, draft.values.extra, { [field.name.slice(6)]: field.value });
  else if (field.name) draft.values[field.name] = field.value;
  else return;
  draft.touched = true;
  keepDraft(draft);
}

function makeField(name, kind, draft, task) {
  if (name === "change") return makeChoice(name, draft, kind.changes, "change");
  if (name === "grade") return makeChoice(name, draft, kind.grades || [], "grade");
  if (name === "quantity") return makeNumber(draft, kind);
  if (WHOLE.includes(name)) return makeInput(name, draft, { type: "number", inputMode: "numeric", min: "0" });
  if (DECIMAL.includes(name)) return makeInput(name, draft, { type: "number", inputMode: "decimal", min: "0", step: "0.01" });
  if (name === "place") return makePlace(kind, draft, task);
  if (name === "audience") return makeInput(name, draft, { type: "text" }, chips("audience", task && task.audiences));
  return TEXT.includes(name) ? makeInput(name, draft, { type: "text" }) : null;
}

const label = (name, text) => make("label.form-label", { htmlFor: `in-${name}` }, text);

function tellProblem(name, draft) {
  return draft.problems.filter((one) => one.field === name).map((one) => make("p.field-error", null, one.text));
}

function makeInput(name, draft, properties, ...more) {
  const value = draft.values[name];
  const input = make("input.form-control", Object.assign({ id: `in-${name}`, name, autocomplete: "off", maxLength: LONGEST[name] || 40 }, properties));
  input.value = value === null || value === undefined ? "" : value;
  return make("div.field", null, label(name, say(`field_${name}`)), input, ...more, ...tellProblem(name, draft));
}

function makeNumber(draft, kind) {
  const field = makeInput("quantity", draft, { type: "number", inputMode: "numeric", min: "0" });
  const input = field.querySelector("input");
  if (kind.word) field.querySelector("label").textContent = say("field_quantity_of", { word: kind.word });
  const step = (sign, by) => make("button.btn.btn-outline-primary", {
    type: "button", "aria-hidden": "true", tabIndex: -1,
    onclick: () => { input.value = Math.max(0, Number(input.value || 0) + by); keepTyped(draft, input); },
  }, sign);
  const row = make("div.stepper", null, step("−", -1));
  input.replaceWith(row);
  row.append(input, step("+", 1));
  return field;
}

function makeChoice(name, draft, choices, words) {
  const told = choices.map((one) => (typeof one === "string" ? { code: one, title: knows(`${words}_${one}`) ? say(`${words}_${one}`) : one } : one));
  const radios = told.map((one) => make("label.choice", null,
    make("input", { type: "radio", name, value: one.code, checked: draft.values[name] === one.code }), make("span", null, one.title)));
  return make("fieldset.field", null, make("legend.form-label", null, say(`field_${name}`)), make("div.choices", null, radios), ...tellProblem(name, draft));
}

// What the duty asks for, one tap each.
function chips(name, values) {
  if (!values || values.length < 2) return null;
  const fill = (event, value) => {
    const input = event.target.closest(".field").querySelector("input");
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  return make("div.chips", null, values.map((value) => button(value, (event) => fill(event, value))));
}

function makePlace(kind, draft, task) {
  const field = makeInput("place", draft, { type: "text" }, chips("place", task && task.places));
  if (navigator.geolocation && self.isSecureContext) field.append(makeLocate(kind, draft));
  return field;
}

// One look at where the phone is, when the button is pressed and at no other time. See core/ledger/position.py.
function makeLocate(kind, draft) {
  const told = make("p.form-text", { role: "status" });
  const drop = button(say("locate_drop"), () => keepPosition(""), "btn-link");
  const keepPosition = (position) => {
    keepTyped(draft, { name: "extra.position", value: position });
    tell();
  };
  const tell = () => {
    const position = (draft.values.extra || {}).position;
    drop.hidden = !position;
    told.textContent = position ? sayPosition(kind, draft, position) : say("locate_once");
  };
  const look = () => {
    told.textContent = say("locating");
    navigator.geolocation.getCurrentPosition(
      // Who has saved or left the form meanwhile has no use for the answer.
      ({ coords }) => told.isConnected && keepPosition(writePosition(coords)),
      (error) => { told.textContent = say(error.code === error.PERMISSION_DENIED ? "locate_refused" : "locate_failed"); },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 0 },
    );
  };
  tell();
  return make("div.locate", null, button(say("locate"), look), drop, told);
}

function writePosition({ latitude, longitude, accuracy }) {
  const metres = Number.isFinite(accuracy) ? ` ±${Math.min(Math.ceil(accuracy), 9999999)}m` : "";
  return `${latitude.toFixed(6)},${longitude.toFixed(6)}${metres}`;
}

function sayPosition(kind, draft, position) {
  const [where, metres] = position.split(" ±");
  // Only a site that bears a number is drawn on the map; a poster bears none.
  const isOnMap = kind.shape === "site" && kind.asks.includes("subject");
  const n = parseInt(metres, 10) || "?";
  const told = say(isOnMap && n > COARSE_M ? "located_coarse" : "located", { where, n });
  return isOnMap && !draft.values.subject ? `${told}\n${say("locate_number")}` : told;
}

function makeDetail(detail, draft) {
  const input = make("input.form-control", { id: `in-${detail.code}`, name: `extra.${detail.code}`, type: "text", maxLength: detail.longest || 120, autocomplete: "off" });
  input.value = (draft.values.extra || {})[detail.code] || "";
  return make("div.field", null, label(detail.code, detail.title), input);
}

function makeNote(draft) {
  const area = make("textarea.form-control", { id: "in-note", name: "note", rows: 2, maxLength: LONGEST.note });
  area.value = draft.values.note || "";
  return make("div.field", null, label("note", say("field_note")), area, ...tellProblem("note", draft));
}

// --- photos ---

// What is still being made smaller; saving waits for it, or the photo would stay behind.
let shrinking = Promise.resolve();

async function makePhotos(page, draft) {
  const strip = make("div.photos");
  const told = make("p.form-text", { role: "status", hidden: true });
  const input = make("input.visually-hidden", { type: "file", accept: "image/*", multiple: true, id: "in-photo" });
  if (!canTakePhotos) return make("p.muted", null, say("photos_need_https"));
  for (const row of await store.ofUser("photos", page.user)) if (row.record === draft.id && row.bytes) strip.append(showPhoto(row));
  input.addEventListener("change", () => {
    const files = Array.from(input.files);
    input.value = "";
    shrinking = shrinking.then(async () => { for (const file of files) await addPhoto(page, draft, file, strip, told); });
  });
  return make("div.field", null, make("label.btn.btn-outline-primary.photo-button", { htmlFor: "in-photo" }, say("photo_add")), input, told, strip);
}

async function addPhoto(page, draft, file, strip, told) {
  told.hidden = false;
  told.textContent = say("photo_shrinking");
  try {
    const row = Object.assign({ id: makeId(), record: draft.id, user: page.user, name: file.name || "photo.jpg", state: "draft" }, await shrink(file));
    const now = readDraft(page.user);
    if (!now || now.id !== draft.id) return;
    await store.put("photos", row);
    strip.append(showPhoto(row));
    told.hidden = true;
    draft.touched = true;
    keepDraft(draft);
  } catch (error) {
    told.textContent = say(error && error.name === "QuotaExceededError" ? "phone_full" : "photo_bad", { name: file.name });
  }
}

// `gone` is called when the person has taken it away.
export function showPhoto(row, gone = () => {}) {
  const address = URL.createObjectURL(new Blob([row.bytes], { type: row.type }));
  const figure = make("figure.photo", null, make("img", { src: address, alt: row.name, onload: () => URL.revokeObjectURL(address) }),
    make("figcaption", null, say("kilobytes", { n: Math.ceil(row.size / 1024) }), " ",
      button(say("photo_drop"), async () => { await store.drop("photos", row.id); figure.remove(); gone(); }, "btn-link")));
  return figure;
}

// --- saving ---

async function save(page, form, kind, draft) {
  await shrinking;
  const told = form.querySelector(".form-error");
  const wrong = findMistake(form, kind, draft);
  told.hidden = !wrong;
  if (wrong) {
    told.textContent = wrong.text;
    wrong.field.focus();
    return;
  }
  const unit = page.known.units.find((one) => one.code === draft.unit);
  const row = { id: draft.id, user: page.user, wire: makeWire(kind, draft), title: kind.title, unitName: unit ? unit.name : draft.unit, state: "waiting", problems: [], kept: null, revision: makeId() };
  try {
    await store.change(["records", "photos"], ([records, photos]) => {
      records.put(row);
      photos.openCursor().onsuccess = (event) => {
        const cursor = event.target.result;
        if (!cursor) return;
        if (cursor.value.record === row.id && cursor.value.state === "draft") cursor.update(Object.assign({}, cursor.value, { state: "waiting" }));
        cursor.continue();
      };
    });
  } catch (error) {
    told.hidden = false;
    told.textContent = say("phone_full");
    return;
  }
  await forgetDraft();
  page.saved(row.id, draft.round);
}

function findMistake(form, kind, draft) {
  const field = (name) => form.querySelector(`[name="${name}"]`);
  if (!/^\d{4}-\d\d-\d\d$/.test(draft.values.happened_on || "")) return { field: field("happened_on"), text: say("need_day") };
  for (const name of [...WHOLE, ...DECIMAL].filter((one) => kind.asks.includes(one))) {
    const text = String(draft.values[name] === null || draft.values[name] === undefined ? "" : draft.values[name]);
    const isGood = (WHOLE.includes(name) ? /^\d{1,9}$/ : /^\d{1,9}(\.\d{1,2})?$/).test(text);
    if (text === "" ? name === "quantity" || field(name).validity.badInput : !isGood) return { field: field(name), text: say("need_number", { field: say(`field_${name}`) }) };
  }
  const choice = kind.asks.includes("change") && !draft.values.change ? field("change") : null;
  return choice ? { field: choice, text: say("need_choice", { field: say("field_change") }) } : null;
}

function makeWire(kind, draft) {
  const asks = new Set(kind.asks);
  const value = (name) => (asks.has(name) && draft.values[name] !== undefined && draft.values[name] !== null ? String(draft.values[name]).trim() : "");
  const whole = (name) => (value(name) === "" ? null : Number(value(name)));
  const wire = { id: draft.id, unit: draft.unit, kind: kind.code, happened_on: draft.values.happened_on, quantity: asks.has("quantity") ? whole("quantity") : 1 };
  wire.people = whole("people");
  wire.at_m = whole("at_m");
  for (const name of DECIMAL) wire[name] = value(name) || null;
  for (const name of TEXT) wire[name] = value(name) || (asks.has(name) ? "" : (draft.fixed || {})[name] || "");
  wire.note = (draft.values.note || "").trim();
  wire.extra = {};
  for (const detail of kind.details || []) {
    const text = ((draft.values.extra || {})[detail.code] || "").trim();
    if (text) wire.extra[detail.code] = text;
  }
  const position = (draft.values.extra || {}).position;
  if (position && asks.has("place")) wire.extra.position = position;
  return Object.assign(wire, { recorded_at: draft.recorded_at, replaces: null, withdrawn: false });
}
