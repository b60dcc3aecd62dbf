// Words, days and elements. Everything a person typed goes in as text, never as markup.
const told = JSON.parse(document.getElementById("words").textContent);
export const language = document.documentElement.lang;

// The sentence under this key, with its {names} filled in.
export function say(key, values = {}) {
  const text = told[key];
  if (text === undefined) throw new Error(`no words for ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

export const knows = (key) => key in told;

// make("a.lone", { href, onclick }, "text", element, null …)
export function make(what, properties, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.startsWith("aria") && name !== "list") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) if (child !== null && child !== undefined && child !== false) element.append(child);
  return element;
}

export function icon(name) {
  const SVG = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.body.dataset.files}icons.svg#${name}`);
  picture.append(use);
  return picture;
}

export const note = (kind, ...children) => make(`div.note.note-${kind}`, null, ...children);
export const button = (text, onclick, more = "btn-outline-primary") => make(`button.btn.${more}`, { type: "button", onclick }, text);

const asDay = (value) => (/^\d{4}-\d\d-\d\d$/.test(value) ? new Date(`${value}T12:00:00`) : new Date(value));

// 3月20日（周四）; the year too when it is another one than this.
export function sayDay(value) {
  const day = asDay(value);
  if (isNaN(day)) return String(value);
  const year = day.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
  const date = new Intl.DateTimeFormat(language, Object.assign({ month: "long", day: "numeric" }, year)).format(day);
  return say("day", { date, weekday: new Intl.DateTimeFormat(language, { weekday: "short" }).format(day) });
}

export function sayTime(value) {
  const at = new Date(value);
  if (isNaN(at)) return String(value);
  return `${sayDay(value)} ${new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hour12: false }).format(at)}`;
}

export function writeDay(at) {
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

// A UUID of version 7 (RFC 9562): the millisecond, then chance, so that ids sort by when they were made.
export function makeId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let millisecond = Math.max(0, Date.now());
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = millisecond % 256;
    millisecond = Math.floor(millisecond / 256);
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
