// Boxes over faces, drawn on the picture. The fields beside it hold them; without this script they are typed there.
(() => {
  "use strict";
  const ground = document.getElementById("faces");
  const rows = [...document.querySelectorAll(".box-row")];
  if (!ground || !rows.length) return;
  const SIDES = ["left", "top", "width", "height"];
  const LEAST = 1;
  const fields = rows.map((row, number) => SIDES.map((side) => row.querySelector(`[name="box-${number}-${side}"]`)));

  const read = (row) => row.map((field) => Number.parseFloat(field.value));
  const isWhole = (values) => values.every((value) => Number.isFinite(value));
  const place = (mark, values) => SIDES.forEach((side, at) => { mark.style[side] = `${values[at]}%`; });

  const draw = () => {
    ground.querySelectorAll(".face").forEach((mark) => mark.remove());
    fields.forEach((row, number) => {
      const values = read(row);
      if (!isWhole(values)) return;
      const mark = document.createElement("button");
      mark.type = "button";
      mark.className = "face";
      mark.textContent = String(number + 1);
      mark.setAttribute("aria-label", `${number + 1} ×`);
      place(mark, values);
      mark.addEventListener("pointerdown", (event) => event.stopPropagation());
      mark.addEventListener("click", () => { row.forEach((field) => { field.value = ""; }); draw(); });
      ground.append(mark);
    });
  };

  const find = (event) => {
    const edge = ground.getBoundingClientRect();
    const share = (value, start, length) => Math.min(100, Math.max(0, ((value - start) / length) * 100));
    return [share(event.clientX, edge.left, edge.width), share(event.clientY, edge.top, edge.height)];
  };
  const span = (from, to) => [
    Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(from[0] - to[0]), Math.abs(from[1] - to[1]),
  ];

  ground.addEventListener("pointerdown", (event) => {
    const free = fields.find((row) => row.every((field) => !field.value));
    if (!free || event.button) return;
    event.preventDefault();
    const from = find(event);
    const mark = document.createElement("div");
    mark.className = "face";
    ground.append(mark);
    ground.setPointerCapture(event.pointerId);
    const move = (step) => place(mark, span(from, find(step)));
    const end = (step) => {
      ground.removeEventListener("pointermove", move);
      const values = span(from, find(step));
      mark.remove();
      if (step.type === "pointerup" && values[2] >= LEAST && values[3] >= LEAST) {
        free.forEach((field, at) => { field.value = values[at].toFixed(1); });
      }
      draw();
    };
    ground.addEventListener("pointermove", move);
    ground.addEventListener("pointerup", end, { once: true });
    ground.addEventListener("pointercancel", end, { once: true });
  });
  fields.flat().forEach((field) => field.addEventListener("input", draw));
  draw();
})();
