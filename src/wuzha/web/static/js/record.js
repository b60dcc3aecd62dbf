// Makes the record form quicker: buttons to step a number, and the phone's own clock. The form works without.
"use strict";

for (const input of document.querySelectorAll(".record-form input[name=quantity]")) {
  const row = document.createElement("div");
  row.className = "stepper";
  input.replaceWith(row);
  row.append(makeButton("−", -1), input, makeButton("+", 1));

  function makeButton(sign, step) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-outline-primary";
    button.textContent = sign;
    button.tabIndex = -1;
    button.setAttribute("aria-hidden", "true");
    button.addEventListener("click", () => {
      input.value = Math.max(0, Number(input.value || 0) + step);
    });
    return button;
  }
}

for (const form of document.querySelectorAll(".record-form")) {
  form.addEventListener("submit", () => {
    const clock = form.elements.namedItem("recorded_at");
    if (clock && !clock.value) clock.value = new Date().toISOString();
  });
}
