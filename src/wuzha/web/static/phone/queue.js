// 我的: what waits, what came back, what was received; the queue as a file; who is logged in.
import { compareLists } from "./checklist.js";
import { button, icon, knows, make, note, say, sayDay, sayTime } from "./dom.js";

const store = self.wuzhaStore;
const FORMAT = "wuzha-queue";

export async function showQueue(page) {
  const { known, user } = page;
  const [records, photos, receipts, all] = await Promise.all(
    [store.ofUser("records", user), store.ofUser("photos", user), store.ofUser("receipts", user), store.list("records")]);
  const others = all.filter((row) => row.user !== user).length;
  const back = records.filter((row) => row.state !== "waiting");
  const waiting = records.filter((row) => row.state === "waiting");
  const open = photos.filter((row) => row.state === "waiting");
  const failed = photos.filter((row) => row.state === "refused");
  const lists = listChecklists(records);
  const isInFile = records.length > lists.size || open.some((photo) => !lists.has(photo.record));
  receipts.reverse();
  return [
    make("h1", null, known.user.name),
    make("p.answer", null, say("queue_answer", { waiting: waiting.length, back: back.length, received: receipts.length })),
    ...(await tellState(page, waiting.length + open.length)),
    others ? note("info", say("others_wait", { n: others })) : null,
    waiting.length + open.length ? make("div.actions", null, button(say("send_now"), () => page.send({ pressed: true }), "btn-primary")) : null,
    back.length ? make("h2", null, say("came_back")) : null,
    ...back.map((row) => (row.state === "conflict" ? showConflict(row, page) : showRefused(row, page))),
    ...failed.map((row) => showFailedPhoto(row, page)),
    waiting.length ? make("h2", null, say("waiting_title")) : null,
    waiting.length ? make("ul.rows.waiting", null, waiting.map((row) => showWaiting(row, photos, page))) : null,
    open.length ? make("p", null, say("photos_wait", { n: open.length })) : null,
    make("h2", null, say("received_title")),
    receipts.length
      ? make("ul.rows.receipts", null, receipts.slice(0, 50).map((row) => showReceipt(row, photos)))
      : make("p.muted", null, say("received_none")),
    receipts.length ? make("p", null, make("a.lone", { href: "/records/" }, say("all_records"))) : null,
    make("h2", null, say("phone_title")),
    await tellStorage(),
    isInFile ? make("div.actions", null, button(say("export"), () => exportQueue(page))) : null,
    isInFile ? make("p.muted", null, say("export_why")) : null,
    lists.size ? make("p.muted", null, say("export_lists")) : null,
    make("ul.rows", null,
      make("li", null, make("a", { href: "/today/" }, say("desk"))),
      make("li", null, make("button.row-button", { type: "button", onclick: () => page.logOut(waiting.length) }, icon("box-arrow-right"), say("log_out")))),
    make("p.muted", null, say("version", { version: document.body.dataset.version })),
  ];
}

async function tellState(page, left) {
  const said = [];
  const [pause, skew] = await Promise.all([store.recall("pause"), store.recall("skew")]);
  if (left && !navigator.onLine) said.push(note("info", say("offline")));
  else if (left && pause && pause.until > Date.now()) said.push(note("info", say("paused", { time: sayTime(new Date(pause.until)) })));
  const off = page.clockOff();
  const minutes = Math.round(Math.max(Math.abs(skew || 0), Math.abs(off || 0) / 1000) / 60);
  if (minutes >= 10) said.push(note("warning", say("clock_off", { off: sayLength(minutes) })));
  return said;
}

export function sayLength(minutes) {
  if (minutes >= 2880) return say("days", { n: Math.round(minutes / 1440) });
  return minutes >= 120 ? say("hours", { n: Math.round(minutes / 60) }) : say("minutes", { n: minutes });
}

async function tellStorage() {
  const manager = navigator.storage;
  const isKept = Boolean(manager && manager.persisted && (await manager.persisted()));
  const lines = [say(isKept ? "storage_kept" : "storage_not_kept")];
  if (!navigator.serviceWorker) lines.push(say("no_worker"));
  return make(`div.note.note-${isKept ? "success" : "warning"}`, null, lines.map((line) => make("p", null, line)));
}

const title = (row) => make("span", null, make("strong", null, row.title), ` ${summarize(row)}`);

export function summarize(row) {
  const wire = row.wire;
  const parts = [sayDay(wire.happened_on)];
  if (wire.area_m2) parts.push(say("amount_area", { n: wire.area_m2 }));
  else if (wire.quantity !== undefined) parts.push(say("amount", { n: wire.quantity }));
  if (wire.subject) parts.push(say("number_of", { number: wire.subject }));
  if (wire.place) parts.push(wire.place);
  return parts.join(say("comma"));
}

function showWaiting(row, photos, page) {
  const mine = photos.filter((photo) => photo.record === row.id).length;
  return make("li", { id: `row-${row.id}` }, make("div.row-body", null, title(row),
    make("span.muted", null, `◌ ${say("waits")}${mine ? say("with_photos", { n: mine }) : ""}`),
    make("span.row-acts", null, button(say("mend"), () => page.mend(row)), button(say("drop"), () => dropRow(row, page), "btn-link"))));
}

async function dropRow(row, page) {
  if (!confirm(say("drop_sure", { title: row.title }))) return;
  await store.drop("records", row.id);
  for (const photo of await store.ofUser("photos", row.user)) if (photo.record === row.id) await store.drop("photos", photo.id);
  page.redraw();
}

function showReceipt(row, photos) {
  const mine = photos.filter((photo) => photo.record === row.id);
  const left = mine.filter((photo) => photo.state === "waiting").length;
  return make("li", { id: `row-${row.id}` }, make("a", { href: row.page || `/records/${row.id}/` }, title(row),
    make("span.status-met", null, `● ${say(row.result === "held" ? "held" : "received", { time: sayTime(row.received_at) })}`),
    mine.length ? make("span.muted", null, left ? say("photos_left", { n: left }) : say("photos_sent", { n: mine.length })) : null));
}

const nameField = (name) => (name && knows(`field_${name}`) ? say(`field_${name}`) : "");

// With the field's name before it, where the sentence does not begin with it anyway.
function sayProblem(problem) {
  const field = nameField(problem.field);
  return field && !problem.text.startsWith(field) ? say("problem_at", { field, text: problem.text }) : problem.text;
}

function showRefused(row, page) {
  return make("div.panel.refused", { id: `row-${row.id}` }, make("p", null, title(row)), make("p.status-missed", null, `○ ${say("refused")}`),
    make("ul.plain", null, (row.problems || []).filter((one) => one.severity !== "warning").map((one) => make("li", null, sayProblem(one)))),
    make("div.actions", null, button(say("mend"), () => page.mend(row), "btn-primary"), button(say("drop"), () => dropRow(row, page), "btn-link")));
}

const COMPARED = ["unit", "kind", "happened_on", "quantity", "people", "subject", "area_m2", "at_m", "change", "grade", "place", "audience", "note", "loss_yuan", "replaces", "withdrawn"];
const SAID = {
  unit: (code, page) => (page.known.units.find((one) => one.code === code) || { name: code }).name,
  kind: (code, page) => (page.known.kinds.find((one) => one.code === code) || { title: code }).title,
  happened_on: sayDay,
  change: (code) => (knows(`change_${code}`) ? say(`change_${code}`) : code),
  grade: (code) => (knows(`grade_${code}`) ? say(`grade_${code}`) : code),
  withdrawn: (is) => say(is ? "yes" : "no"),
};

// A field's value as people say it; the server names what this phone does not know.
function sayValue(name, wire, page) {
  const value = wire[name];
  if (value === null || value === undefined || value === "") return say("empty");
  const told = (wire.words || {})[name];
  return told || (SAID[name] ? SAID[name](value, page) : String(value));
}

// A detail of the kind, or the position, as people call it.
function nameDetail(page, code, name) {
  const kind = page.known.kinds.find((one) => one.code === code);
  const detail = kind && kind.details.find((one) => one.code === name);
  return detail ? detail.title : nameField(name) || name;
}

function showConflict(row, page) {
  if (row.wire.answers) return showListConflict(row, page);
  const kept = row.kept || {};
  const asText = (value) => (value === null || value === undefined || value === "" ? say("empty") : String(value));
  const differ = (one, other) => (name) => asText((one || {})[name]) !== asText((other || {})[name]);
  const mine = Object.assign({ words: { unit: row.unitName, kind: row.title } }, row.wire);
  const rows = COMPARED.filter(differ(kept, mine)).map((name) => [nameField(name) || name, sayValue(name, kept, page), sayValue(name, mine, page)]);
  const details = [...new Set([...Object.keys(kept.extra || {}), ...Object.keys(row.wire.extra || {})])].filter(differ(kept.extra, row.wire.extra));
  rows.push(...details.map((name) => [nameDetail(page, row.wire.kind, name), (kept.extra || {})[name], (row.wire.extra || {})[name]]));
  return make("div.panel.conflict", { id: `row-${row.id}` }, make("p", null, title(row)), make("p.status-late", null, `◑ ${say("conflict")}`),
    showVersions(rows.map(([name, one, other]) => [name, asText(one), asText(other)])),
    make("div.actions", null,
      button(say("keep_server"), () => settle(row, page, null), "btn-primary"),
      button(say("send_as_new"), () => settle(row, page, page.makeId())),
      make("a.lone", { href: row.page || `/records/${row.id}/` }, say("look_server"))));
}

const showVersions = (rows) => make("table.versions", null,
  make("thead", null, make("tr", null, make("td"), make("th", null, say("version_server")), make("th", null, say("version_phone")))),
  make("tbody", null, rows.map(([name, one, other]) => make("tr", null, make("th", null, name), make("td", null, one), make("td", null, other)))));

// A visit has one result: what differs is read here, and said at the desk where it matters.
function showListConflict(row, page) {
  return make("div.panel.conflict", { id: `row-${row.id}` }, make("p", null, title(row)), make("p.status-late", null, `◑ ${say("check_conflict")}`),
    showVersions(compareLists(row).map(([name, one, other]) => [name, one || say("empty"), other || say("empty")])),
    make("div.actions", null,
      button(say("keep_server"), () => settleList(row, page), "btn-primary"),
      row.page ? make("a.lone", { href: row.page }, say("look_server")) : null));
}

async function settleList(row, page) {
  const named = new Set(((row.kept || {}).answers || []).map((one) => one.photo));
  for (const photo of await store.ofUser("photos", row.user)) if (photo.record === row.id && !named.has(photo.id)) await store.drop("photos", photo.id);
  await settle(row, page, null);
}

// Keeps what the server has, or sends what stands here under a number of its own. Nothing is thrown away unasked.
async function settle(row, page, id) {
  await store.change(["records", "photos", "receipts"], ([records, photos, receipts]) => {
    records.delete(row.id);
    if (!id) receipts.put({ id: row.id, user: row.user, wire: row.kept || row.wire, title: row.title, result: "known", page: row.page, received_at: new Date().toISOString() });
    else {
      records.put(Object.assign({}, row, { id, wire: Object.assign({}, row.wire, { id, recorded_at: row.wire.recorded_at }), state: "waiting", problems: [], kept: null, revision: page.makeId() }));
      photos.openCursor().onsuccess = (event) => {
        const cursor = event.target.result;
        if (!cursor) return;
        if (cursor.value.record === row.id && cursor.value.state === "waiting") cursor.update(Object.assign({}, cursor.value, { record: id }));
        cursor.continue();
      };
    }
  });
  page.redraw();
  page.send({ force: true });
}

function showFailedPhoto(row, page) {
  return make("div.panel.refused", null, make("p", null, say("photo_refused", { name: row.name, reason: row.reason })),
    make("div.actions", null,
      button(say("try_again"), async () => { await store.mend("photos", row.id, (one) => Object.assign({}, one, { state: "waiting" })); page.send({ pressed: true }); }),
      button(say("drop"), async () => { await store.drop("photos", row.id); page.redraw(); }, "btn-link")));
}

// --- the queue as a file ---

// Handed in by nobody but whoever was there, and so never in the file.
const listChecklists = (rows) => new Set(rows.filter((row) => row.wire.answers).map((row) => row.id));

export async function writeQueue(known, user) {
  const all = await store.ofUser("records", user);
  const lists = listChecklists(all);
  const records = all.filter((row) => !lists.has(row.id));
  const photos = (await store.ofUser("photos", user)).filter((row) => row.state !== "draft" && row.bytes && !lists.has(row.record));
  return {
    format: FORMAT, version: 1, made_at: new Date().toISOString(), user: known.user,
    records: records.map((row) => row.wire),
    photos: photos.map((row) => ({ id: row.id, record: row.record, name: row.name, media_type: row.type, size: row.size, sha256: row.sha256, base64: encode(row.bytes) })),
  };
}

function encode(bytes) {
  const view = new Uint8Array(bytes);
  let text = "";
  for (let at = 0; at < view.length; at += 8192) text += String.fromCharCode.apply(null, view.subarray(at, at + 8192));
  return btoa(text);
}

async function exportQueue(page) {
  const text = JSON.stringify(await writeQueue(page.known, page.user));
  const name = `wuzha-queue-${new Date().toISOString().slice(0, 16).replace(/[-:]/g, "")}.json`;
  const file = new Blob([text], { type: "application/json" });
  const link = make("a", { href: URL.createObjectURL(file), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  page.tell(note("success", say("exported", { name })));
}
