// The phone page: which tab is shown, what the last visit knew, and when to send.
import { checklistFromRow, listInspections, showChecklist } from "./checklist.js";
import { button, make, makeId, note, say, sayTime } from "./dom.js";
import { showQueue, summarize } from "./queue.js";
import { draftFromRow, isTyping, showForm, showKinds } from "./record.js";
import { addressRound, findRound, listRounds, showRound } from "./round.js";
import { showWork } from "./work.js";

const store = self.wuzhaStore;
const sender = self.wuzhaSend;
const main = document.getElementById("content");
const banner = document.getElementById("banner");
const CLOCK_MAY_DIFFER_MS = 10 * 60 * 1000;
const CHECK_MS = 60 * 1000;
const ASK_AGAIN_MS = 30 * 24 * 3600 * 1000;

let unit = "";
let drawing = 0;
let timer = null;
let worker = null;

const page = {
  known: null,
  user: null,
  makeId,
  now: () => new Date(Date.now() + (page.isClockOff() ? page.clockOff() : 0)),
  // By how many milliseconds the server's clock was ahead of this phone's when they last met.
  clockOff: () => Date.parse(page.known.server_time) - Date.parse(page.known.seen_at) || 0,
  isClockOff: () => Math.abs(page.clockOff()) > CLOCK_MAY_DIFFER_MS,
  unit: () => (page.known.units.some((one) => one.code === unit) ? unit : page.known.units[0].code),
  setUnit: (code) => { unit = code; },
  taskAt: (task) => page.known.work.indexOf(task),
  redraw: () => draw(true),
  tell: (element) => { main.prepend(element); main.scrollIntoView(); },
  saved,
  mend,
  send,
  logOut,
};

// --- which page ---

async function choose() {
  const [, tab, ...rest] = location.hash.split("/");
  if (tab === "record") return chooseRecord(rest);
  if (tab === "saved") return showSaved(rest[0]);
  if (tab === "me") return showQueue(page);
  if (tab === "check") return (await showChecklist(page, rest[0])) || showTasks();
  const round = tab === "round" ? await showRound(page, ...rest.map(decodeURIComponent)) : null;
  return round || showTasks();
}

const showTasks = async () => showWork(page.known, await listRounds(page), await listInspections(page));

function chooseRecord(rest) {
  if (rest[0] === "round") return chooseVisit(...rest.slice(1).map(decodeURIComponent));
  if (rest[0] === "mend") return chooseFinding(decodeURIComponent(rest[1] || ""));
  const isTask = rest[0] === "task";
  const task = isTask ? (page.known.work || [])[Number(rest[1])] : null;
  const kind = page.known.kinds.find((one) => one.code === rest[isTask ? 2 : 0]);
  return kind && page.known.units.length ? showForm(page, kind, task) : showKinds(page, task);
}

// A visit of a round: its number is filled in, and the next number comes after it.
function chooseVisit(unit, key, subject) {
  const round = findRound(page.known.rounds || [], unit, key);
  const kind = round && page.known.kinds.find((one) => one.code === round.kind);
  return kind ? showForm(page, kind, null, { unit, subject, round: addressRound(round), place: round.places[0], audience: round.audiences[0] }) : showTasks();
}

// The unit's report of what it has mended: an ordinary record that names the finding.
function chooseFinding(number) {
  const found = (page.known.mending || []).find((one) => one.number === number);
  const kind = found && page.known.kinds.find((one) => one.code === "rectification");
  return kind ? showForm(page, kind, null, { unit: found.unit, finding: number }) : showTasks();
}

function mend(row) {
  if (row.wire.answers) checklistFromRow(row);
  else draftFromRow(row);
  location.hash = row.wire.answers ? `#/check/${row.wire.visit}` : `#/record/${row.wire.kind}`;
}

const isForm = () => Boolean(main.querySelector(".record-form"));

// A newer drawing wins over an older one that is still waiting for the store; a form that is typed in is left alone.
async function draw(keepsPlace) {
  const turn = (drawing += 1);
  markTab();
  await tellBanner();
  if (!page.known) return;
  const content = (await choose()).filter(Boolean);
  if (turn !== drawing) return;
  const top = self.scrollY;
  main.replaceChildren ? main.replaceChildren(...content) : fill(content);
  self.scrollTo(0, keepsPlace ? top : 0);
  if (!keepsPlace) focusFirst();
}

function fill(content) {
  while (main.firstChild) main.firstChild.remove();
  main.append(...content);
}

function focusFirst() {
  const number = main.querySelector(".record-form [name=quantity]");
  if (number && !number.value) number.focus({ preventScroll: true });
  else main.focus({ preventScroll: true });
}

async function markTab() {
  const tab = ["record", "me"].find((one) => location.hash.startsWith(`#/${one}`)) || (location.hash.startsWith("#/saved") ? "record" : "work");
  for (const link of document.querySelectorAll(".tab")) {
    if (link.dataset.tab === tab) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const count = document.getElementById("waiting");
  const rows = page.user === null ? [] : await store.ofUser("records", page.user);
  count.textContent = rows.length ? say("tab_count", { n: rows.length }) : "";
}

async function tellBanner() {
  const notes = [];
  const session = await store.recall("session");
  if (session === "ended") notes.push(note("warning", make("p", null, say(page.known ? "log_in_again" : "log_in_first")), logInLink()));
  else if (!page.known && !navigator.onLine) notes.push(note("warning", say("first_needs_network")));
  if (worker && !isForm() && !isTyping(page.user)) notes.push(note("info", make("p", null, say("update_there")), button(say("update_now"), update)));
  while (banner.firstChild) banner.firstChild.remove();
  banner.append(...notes);
  document.getElementById("line").textContent = navigator.onLine ? "" : say("no_network");
}

const logInLink = () => make("a.btn.btn-primary", { href: "/log-in/?next=/phone/" }, say("log_in"));

// --- saving and sending ---

async function saved(id, round) {
  location.hash = round ? `#/round/${round}/${id}` : `#/saved/${id}`;
  await askToKeep();
  askForSync();
  send({ force: true });
}

const standsAlone = () => Boolean(navigator.standalone || (self.matchMedia && self.matchMedia("(display-mode: standalone)").matches));

// The browser may clear what a page keeps unless it promised not to. Asked when there is something to keep; what it
// refused is asked again once the page is on the home screen, which browsers trust more, and every thirty days.
async function askToKeep(isInstalled = standsAlone()) {
  const manager = navigator.storage;
  if (!manager || !manager.persist || (manager.persisted && (await manager.persisted()))) return;
  const asked = await store.recall("asked-to-keep");
  // A day that lies ahead was written by a clock that has been put right since.
  const isRecent = asked && asked.at <= Date.now() && Date.now() < asked.at + ASK_AGAIN_MS;
  if (isRecent && (asked.installed || !isInstalled)) return;
  await store.keep("asked-to-keep", { at: Date.now(), installed: isInstalled });
  manager.persist().catch(() => {});
}

async function askOnceInstalled() {
  if (page.user !== null && (await store.ofUser("records", page.user)).length) await askToKeep(true);
}

async function askForSync() {
  if (!navigator.serviceWorker || !self.SyncManager) return;
  try {
    await (await navigator.serviceWorker.ready).sync.register("wuzha-send");
  } catch (error) {
    // Not allowed here: the page sends while it is open.
  }
}

async function send(options) {
  const outcome = await sender.send(options).catch(() => null);
  await plan();
  if (outcome && outcome.stopped === "other-user") await start();
  else if (outcome && !outcome.idle) await refresh();
}

async function refresh() {
  const known = await store.recall("state");
  if (known) take(known);
  if (isForm()) {
    await markTab();
    await tellBanner();
  } else await draw(true);
}

async function plan() {
  clearTimeout(timer);
  const pause = await store.recall("pause");
  const wait = pause ? Math.min(Math.max(pause.until - Date.now(), 1000), CHECK_MS) : CHECK_MS;
  timer = setTimeout(() => send({}), wait);
}

async function showSaved(id) {
  const [row, receipt] = await Promise.all([store.read("records", id), store.read("receipts", id)]);
  const one = receipt || row;
  if (!one || one.user !== page.user) return showTasks();
  const state = receipt
    ? make("p.answer.status-met", null, `● ${say("received", { time: sayTime(receipt.received_at) })}`)
    : row.state === "waiting"
      ? make("p.answer", null, `◌ ${say(navigator.onLine ? "saved_waits" : "saved_offline")}`)
      : make("p.answer.status-missed", null, `○ ${say("saved_back")}`);
  return [make("h1", null, say("saved_title")), state, make("p", null, make("strong", null, one.title), ` ${summarize(one)}`), await tellRefusal(row),
    make("div.actions", null, one.wire.answers ? null : make("a.btn.btn-primary", { href: "#/record" }, say("record_more")), make("a.btn.btn-outline-primary", { href: row && row.state !== "waiting" ? "#/me" : "#/work" }, say(row && row.state !== "waiting" ? "see_reason" : "back_to_work")))];
}

async function tellRefusal(row) {
  if (!row || !navigator.storage || !navigator.storage.persisted || (await navigator.storage.persisted())) return null;
  return make("p.muted", null, say("storage_short"));
}

async function logOut(waiting) {
  if (!confirm(waiting ? say("log_out_waiting", { n: waiting }) : say("log_out_sure"))) return;
  const response = await sender.post("/log-out/", { method: "POST", redirect: "manual" }).catch(() => null);
  if (!response || (response.status >= 400 && response.status !== 404)) return page.tell(note("error", say("log_out_failed")));
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith("wuzha-kept:"))) localStorage.removeItem(key);
  await store.drop("kept", "state");
  location.href = "/log-in/?next=/phone/";
}

// --- beginning ---

function take(known) {
  page.known = known;
  page.user = known.user.id;
}

async function start() {
  const known = await store.recall("state");
  if (known) {
    take(known);
    await draw();
  }
  try {
    take(await sender.fetchState());
  } catch (error) {
    if (!page.known) fill([make("p", null, say(error.message === "log-in" ? "log_in_first" : "first_needs_network")), error.message === "log-in" ? logInLink() : button(say("try_again"), start)]);
    else await tellBanner();
    return plan();
  }
  if (isForm()) await tellBanner();
  else await draw(Boolean(known));
  send({});
}

// A new version waits until the person takes it; a page that is open keeps the one it began with.
async function register() {
  if (!navigator.serviceWorker) return;
  const registration = await navigator.serviceWorker.register("/phone/worker.js", { scope: "/phone/" });
  const look = (candidate) => {
    if (candidate && candidate.state === "installed" && navigator.serviceWorker.controller) {
      worker = candidate;
      tellBanner();
    }
  };
  look(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const candidate = registration.installing;
    candidate.addEventListener("statechange", () => look(candidate));
  });
}

function update() {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  worker.postMessage("update");
}

self.addEventListener("hashchange", () => draw());
self.addEventListener("online", () => send({ force: true }));
self.addEventListener("online", tellBanner);
self.addEventListener("offline", tellBanner);
self.addEventListener("appinstalled", () => askOnceInstalled().catch(() => {}));
document.addEventListener("visibilitychange", () => { if (!document.hidden && page.known) send({}); });
sender.listen(refresh);
register().catch(() => {});
start().catch(() => fill([note("error", say("cannot_keep"))]));
