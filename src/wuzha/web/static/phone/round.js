// 入户走访: which numbers of the unit's list are left. Opaque numbers only, so that a phone that is lost tells nothing.
import { make, note, say, sayTime } from "./dom.js";

const store = self.wuzhaStore;
const SHOWN = 120;

// The rounds as the server knew them, less what was recorded on this phone since.
export async function listRounds(page) {
  const rounds = page.known.rounds || [];
  if (!rounds.length) return [];
  const [waiting, receipts] = await Promise.all([store.ofUser("records", page.user), store.ofUser("receipts", page.user)]);
  const knownAt = Date.parse(page.known.server_time);
  // What the server refused is not done, and is left again.
  const fresh = [...waiting.filter((row) => row.state !== "refused"), ...receipts.filter((row) => Date.parse(row.received_at) >= knownAt)].map((row) => row.wire);
  return rounds.map((round) => {
    const done = new Set(fresh.filter((wire) => isVisit(wire, round)).map((wire) => wire.subject));
    return Object.assign({}, round, { left: round.left.filter((number) => !done.has(number)) });
  });
}

// As the server counts it: the kind, the day, and one of the places and audiences that the duty names.
function isVisit(wire, round) {
  const fits = (words, text) => !words.length || words.some((word) => (text || "").includes(word));
  return round.kinds.includes(wire.kind) && wire.subject && wire.happened_on >= round.since && fits(round.places, wire.place) && fits(round.audiences, wire.audience);
}

export const findRound = (rounds, unit, key) => rounds.find((one) => one.unit === unit && one.key === key);
export const addressRound = ({ unit, key }) => `${encodeURIComponent(unit)}/${encodeURIComponent(key)}`;

// `saved` is the record that was just kept, so that the next number is one tap away.
export async function showRound(page, unit, key, saved) {
  const round = findRound(await listRounds(page), unit, key);
  if (!round) return null;
  const name = (page.known.units.find((one) => one.code === unit) || { name: unit }).name;
  const [waiting, receipt] = saved ? await Promise.all([store.read("records", saved), store.read("receipts", saved)]) : [];
  const row = waiting || receipt;
  // A number stands on one line: long ones get wider columns.
  const list = make(round.left.some((number) => number.length > 6) ? "div.ticks.ticks-long" : "div.ticks");
  const find = make("input.form-control", { id: "in-find", type: "search", autocomplete: "off", maxLength: 20 });
  find.addEventListener("input", () => fillNumbers(list, round, find.value));
  fillNumbers(list, round, "");
  return [
    make("h1", null, say("round_of", { name })),
    row ? tellSaved(row) : null,
    make("p.answer", null, say("round_left", { left: round.left.length, listed: round.listed })),
    round.title ? make("p", null, round.title) : null,
    make("p.muted", null, say("known_at", { time: sayTime(page.known.seen_at) })),
    ...(round.left.length ? [make("p", null, say("round_tap")),
      round.left.length > SHOWN / 4 ? make("div.field", null, make("label.form-label", { htmlFor: "in-find" }, say("round_find")), find) : null,
      list] : [note("success", say("round_done"))]),
  ];
}

function tellSaved(row) {
  if (row.state !== "refused") return note("success", say("round_saved", { number: row.wire.subject }));
  return note("error", make("p", null, say("saved_back")), make("a.btn.btn-outline-primary", { href: "#/me" }, say("see_reason")));
}

function fillNumbers(list, round, sought) {
  const found = round.left.filter((number) => number.includes(sought.trim()));
  const links = found.slice(0, SHOWN).map((number) => make("a.btn.btn-outline-primary", { href: `#/record/round/${addressRound(round)}/${encodeURIComponent(number)}` }, number));
  const more = found.length - links.length;
  while (list.firstChild) list.firstChild.remove();
  list.append(...links, ...(more > 0 ? [make("p.muted", null, say("round_more", { n: more }))] : []), ...(found.length ? [] : [make("p.muted", null, say("round_none"))]));
}
