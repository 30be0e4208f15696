// What is typed into a long form is kept in this browser until it was saved, by page and person: a session that
// ends, or a machine that goes dark, costs nobody an afternoon. The page works without this file.

const form = document.querySelector("form[data-keep]");
const KEY = `portal.keep.${form?.dataset.keep}`;

const SENT = "portal.keep.sent";
const MORE = "portal.keep.more";

// What was sent and taken is in safety on the server: only a page that says so proves it.
const sent = sessionStorage.getItem(SENT);
sessionStorage.removeItem(SENT);
if (sent && document.querySelector(".messages .tone-success")) localStorage.removeItem(sent);

function fields() {
  return [...form.elements].filter((field) => field.name && !["submit", "button", "file"].includes(field.type) && field.name !== "csrfmiddlewaretoken");
}

function values() {
  const answered = fields().filter((field) => field.type !== "radio" || field.checked);
  return Object.fromEntries(answered.map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]));
}

// What a person sees; the hidden fields only say against what it was typed.
function seen(all) {
  const names = fields().filter((field) => field.type !== "hidden").map((field) => field.name);
  return JSON.stringify(names.map((name) => all[name] ?? ""));
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY) || "null");
  } catch {
    return null;
  }
}

function write(content) {
  try {
    if (content) localStorage.setItem(KEY, JSON.stringify(content));
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is full or forbidden: the question before leaving still stands.
  }
}

function put(kept) {
  for (const field of fields()) {
    if (!(field.name in kept)) continue;
    if (field.type === "checkbox") field.checked = kept[field.name];
    else if (field.type === "radio") field.checked = kept[field.name] === field.value;
    else field.value = kept[field.name];
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// Rows that this page does not have are asked of the server, with what was typed into them.
function askForRows(all) {
  const more = form.querySelector("button[name=more]");
  const lacking = Object.entries(all).filter(([name, value]) => !form.elements[name] && value);
  if (!more || !lacking.length) return false;
  for (const [name, value] of lacking) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value: value === true ? "on" : value }));
  }
  form.requestSubmit(more);
  return true;
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm btn-outline-primary";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function offer(kept) {
  const box = document.createElement("p");
  box.className = "kept-words";
  box.setAttribute("role", "status");
  const back = button("找回", () => {
    put(kept.values);
    if (askForRows(kept.values)) return;
    box.textContent = "已找回，还没有保存，请核对后保存。";
  });
  const drop = button("不要了", () => {
    write(null);
    box.remove();
  });
  box.append(`本机有您${kept.at}填写、没有保存的内容。`, back, drop);
  form.before(box);
}

// Somebody asked for more rows: what was typed came back with them, and is not offered once more.
function cameBack(kept, shown) {
  const asked = sessionStorage.getItem(MORE) === KEY;
  sessionStorage.removeItem(MORE);
  const typed = Object.entries(kept?.values ?? {}).filter(([name, value]) => value && name in shown && name !== "paste");
  return asked && kept && typed.every(([name, value]) => form.elements[name].type === "hidden" || shown[name] === value);
}

if (form) {
  const kept = read();
  const shown = values();
  if (cameBack(kept, shown)) write({ values: shown, at: kept.at });
  else if (kept && seen(kept.values) !== seen(shown)) offer(kept);
  else if (kept && !document.querySelector(".form-errors, .refusal")) write(null);
  form.addEventListener("submit", (event) => {
    sessionStorage.setItem(event.submitter?.name === "more" ? MORE : SENT, KEY);
  });
  form.addEventListener("input", () => {
    const at = new Date().toLocaleString("zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit" });
    write({ values: values(), at });
  });
}
