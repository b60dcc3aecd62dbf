// 我的任务: what the unit still owes or helps with, as the last visit to the server knew it.
import { showInspections } from "./checklist.js";
import { icon, make, note, say, sayDay, sayTime } from "./dom.js";
import { addressRound } from "./round.js";

const unitName = (known, code) => (known.units.find((one) => one.code === code) || { name: code }).name;

// `rounds` are the visit rounds with what is left of them by now, `inspections` what is to be looked at and to be mended.
export function showWork(known, rounds, inspections) {
  const work = known.work || [];
  const title = make("h1", null, say("work_title"));
  const when = make("p.muted", null, say("known_at", { time: sayTime(known.seen_at) }));
  const returned = showReturned(known.returned || []);
  const shown = showInspections(inspections, known);
  if (!known.units.length) return [title, returned, ...(shown.length ? [when, ...shown] : [note("info", say("no_units"))])];
  const told = [title, returned, shown.length && !work.length ? null : make("p.answer", null, sayOwed(work)), when, ...shown,
    shown.length && work.length ? make("h2", null, say("duties_title")) : null,
    rounds.length ? make("ul.rows.rounds", null, rounds.map((round) => showRoundLink(round, known))) : null];
  const settled = showSettled(known);
  if (!work.length) return [...told, recordLink("#/record"), ...settled];
  return [...told, ...showTasks(known), ...settled];
}

function sayOwed(work) {
  const own = work.filter((task) => !task.above);
  const overdue = own.filter((task) => task.status === "missed").length;
  if (own.length) return overdue ? say("owed_overdue", { n: own.length, overdue }) : say("owed", { n: own.length });
  return work.length ? say("owed_above", { n: work.length, above: work[0].above }) : say("nothing_owed");
}

function showTasks(known) {
  const groups = new Map();
  known.work.forEach((task, at) => {
    const head = task.above ? say(task.status === "missed" ? "above_overdue" : "above_open", { above: task.above }) : "";
    groups.set(head, [...(groups.get(head) || []), showTask(task, at, known)]);
  });
  return [...groups].flatMap(([head, tasks]) => [head ? make("h2", null, head) : null, make("ul.tasks", null, tasks)]);
}

function showTask(task, at, known) {
  const isMixed = known.work.some((one) => one.unit !== task.unit);
  const unit = isMixed ? known.units.find((one) => one.code === task.unit) : null;
  const isOverdue = task.status === "missed";
  return make(`li.task${isOverdue ? ".task-overdue" : ""}`, null,
    make("div.task-words", null,
      make("p", null, make("span.task-title", null, task.title), unit ? make("span.muted", null, ` ${unit.name}`) : null),
      make("p", null, make(`span.status.status-${isOverdue ? "missed" : "open"}`, null, `${isOverdue ? "○" : "◐"} ${task.status_word || ""}`),
        make("span", null, ` ${task.figure}`)),
      make("p", null, task.text),
      task.above && task.own_kind ? make("p.muted", null, say("own_records", { n: task.own_records, name: unitName(known, task.unit) })) : null),
    make("div.actions", null, recordLink(`#/record/task/${at}`)));
}

const recordLink = (href) => make("a.btn.btn-outline-primary", { href }, icon("pencil-square"), say("record_this"));

function showReturned(returned) {
  if (!returned.length) return null;
  return make("div.note.note-warning.returned", null, make("p", null, say("came_to_mend", { n: returned.length })),
    make("ul.rows", null, returned.map((one) => make("li", null, make("a", { href: `/records/${one.id}/` },
      make("span", null, make("strong", null, one.title), ` ${sayDay(one.happened_on)} `, make("span.muted", null, one.unit), make("br"), one.note))))));
}

function showRoundLink(round, known) {
  const { unit, left, listed, title } = round;
  const isMixed = known.rounds.some((one) => one.unit !== unit);
  return make("li.round-link", null, make("a", { href: `#/round/${addressRound(round)}` },
    make("span", null, make("strong", null, say("round_title")), make("span.muted", null, ` ${[isMixed ? unitName(known, unit) : "", title].filter(Boolean).join(" ")}`)),
    make("span", null, left.length ? say("round_left", { left: left.length, listed }) : say("round_done"))));
}

// What asks nothing now, in one line for each unit; the rest of it stands on the site.
function showSettled(known) {
  const names = ["done", "on_course", "unknown", "older"];
  return (known.settled || []).map((one) => {
    const parts = names.filter((name) => one[name]).map((name) => say(`settled_${name}`, { n: one[name] }));
    if (one.above_done) parts.push(say("settled_above", { above: one.above, n: one.above_done }));
    if (!parts.length) return null;
    const line = say("settled", { name: unitName(known, one.unit), parts: parts.join(say("comma")) });
    return make("p.settled", null, make("a.lone", { href: `/today/work/?unit=${encodeURIComponent(one.unit)}` }, line));
  });
}
