// 我的任务: what the unit still owes, as the last visit to the server knew it.
import { icon, make, note, say, sayTime } from "./dom.js";

export function showWork(known) {
  const work = known.work || [];
  const title = make("h1", null, say("work_title"));
  const when = make("p.muted", null, say("known_at", { time: sayTime(known.seen_at) }));
  if (!known.units.length) return [title, note("info", say("no_units"))];
  if (!work.length) return [title, make("p.answer", null, say("nothing_owed")), when, recordLink("#/record")];
  const overdue = work.filter((task) => task.status === "missed").length;
  const answer = overdue ? say("owed_overdue", { n: work.length, overdue }) : say("owed", { n: work.length });
  return [title, make("p.answer", null, answer), when, make("ul.tasks", null, work.map((task, at) => showTask(task, at, known)))];
}

function showTask(task, at, known) {
  const isMixed = known.work.some((one) => one.unit !== task.unit);
  const unit = isMixed ? known.units.find((one) => one.code === task.unit) : null;
  const isOverdue = task.status === "missed";
  return make(`li.task${isOverdue ? ".task-overdue" : ""}`, null,
    make("div.task-words", null,
      make("p", null, make("span.task-title", null, task.title), unit ? make("span.muted", null, ` ${unit.name}`) : null),
      make("p", null, make(`span.status.status-${isOverdue ? "missed" : "open"}`, null, `${isOverdue ? "○" : "◐"} ${say(isOverdue ? "overdue" : "open")}`),
        make("span", null, ` ${task.figure}`)),
      make("p", null, task.text)),
    make("div.actions", null, recordLink(`#/record/task/${at}`)));
}

const recordLink = (href) => make("a.btn.btn-outline-primary", { href }, icon("pencil-square"), say("record_this"));
