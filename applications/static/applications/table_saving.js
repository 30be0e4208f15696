// The 31-row table saves itself, row by row, against what its editor saw. Without this file the button does.
//
// What is not yet in safety on the server is kept in this browser, by application and person.
//
// indicators/form.js saves a sheet in the same manner, but is another machine: it sends one line at a time from a queue,
// this file all rows that changed at once. What both hold is the list of pauses and a few lines around localStorage; a
// module for these would be the portal's first import, whose name WhiteNoise's manifest does not carry along.

const form = document.getElementById("table-form");
const notice = document.getElementById("table-notice");
const PAUSE = 1500;
const RETRY = [1000, 2000, 4000, 8000, 15000, 30000];
const OFFLINE = "网络不通，填写已暂存在本机，恢复后自动保存。";
const KEEP = `portal.table.${form?.dataset.keep}`;

class Row {
  constructor(body) {
    this.body = body;
    this.order = body.dataset.row;
    this.base = body.querySelector("input[type=hidden]");
    this.stored = "unsaved" in body.dataset ? null : this.typed();
    this.rival = null; // what a colleague saved, offered for choice
    // The typing that the server would not take, or that is to be chosen against a colleague's by the button.
    this.refused = body.dataset.unsaved === "choose" ? this.typed() : "";
  }

  get fields() {
    return [...this.body.querySelectorAll("input:not([type=hidden]):not([name=star]), textarea")];
  }

  get star() {
    return this.body.querySelector("input[name=star]");
  }

  values() {
    const values = Object.fromEntries(this.fields.map((field) => [field.name, field.value]));
    if (this.star) values.star = this.star.checked ? this.order : "";
    return values;
  }

  typed() {
    return JSON.stringify(this.values());
  }

  put(values) {
    for (const field of this.fields) if (field.name in values) field.value = values[field.name];
    if (this.star && "star" in values) this.star.checked = Boolean(values.star);
  }

  get isDirty() {
    return this.typed() !== this.stored;
  }

  get waits() {
    return Boolean(this.rival) || this.refused === this.typed();
  }

  // Half a ratio is no mistake while one is still in the row.
  get isHalf() {
    const half = ["n", "d"].map((prefix) => Boolean(form.elements[`${prefix}-${this.order}`]?.value.trim()));
    return half[0] !== half[1] && this.body.contains(document.activeElement);
  }
}

const rows = new Map([...(form?.querySelectorAll("tbody[data-row]") ?? [])].map((body) => [body.dataset.row, new Row(body)]));
let timer = 0;
let failures = 0;
let isSending = false;
let isStopped = false;
let isLeaving = false;
let pressed = null; // the button by which the form is sent once what is on its way has arrived
let savedAt = "";

// --- what is kept in this browser ----------------------------------------------------------------

function keep() {
  const kept = {};
  for (const row of rows.values()) if (row.isDirty) kept[row.order] = { values: row.values(), base: row.base.value };
  try {
    if (Object.keys(kept).length) localStorage.setItem(KEEP, JSON.stringify(kept));
    else localStorage.removeItem(KEEP);
  } catch {
    // Storage is full or forbidden: the question before leaving still stands.
  }
}

function restore() {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(KEEP) || "{}");
  } catch {
    return;
  }
  let count = 0;
  for (const [order, { values, base }] of Object.entries(kept)) {
    const row = rows.get(order);
    const shown = row?.typed();
    row?.put(values);
    if (!row || row.typed() === shown) continue;
    row.base.value = base;
    count += 1;
  }
  if (count) say(`已找回上次没有保存的填写${count}行，正在保存，请核对。`);
}

// --- words on the page ---------------------------------------------------------------------------

function say(sentence) {
  const said = document.createElement("p");
  said.className = "paste-words";
  said.textContent = sentence;
  notice.replaceChildren(said);
}

function showWhole() {
  const open = [...rows.values()].filter((row) => row.isDirty).length;
  const box = document.getElementById("save-words");
  let text = savedAt ? `全部已保存 ${savedAt}` : "";
  if (open) text = isStopped || failures ? `${open}行未保存，已暂存在本机` : `${open}行未保存`;
  if (isSending) text = "正在保存…";
  if (box.textContent !== text) box.textContent = text;
}

function mark(row, piece) {
  const notes = row.body.querySelector(".row-notes");
  if (!notes.contains(document.activeElement)) {
    notes.querySelector("td").innerHTML = piece.notes;
    notes.hidden = !piece.notes;
  }
  row.body.className = `is-${piece.tone}`;
  row.body.querySelector("tr").className = `is-${piece.tone}`;
  for (const field of row.fields) {
    const isWrong = piece.faulty.includes(field.name);
    field.classList.toggle("is-invalid", isWrong);
    if (isWrong) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", `e-${field.name}`);
      field.closest("details")?.setAttribute("open", "");
    } else field.removeAttribute("aria-invalid");
  }
  // What the page said when it was drawn is out of date now.
  row.body.querySelectorAll("tr:first-child .indicator-error").forEach((each) => each.remove());
  if (piece.asks_reason) row.body.querySelector(".reason")?.setAttribute("open", "");
}

// --- sending -------------------------------------------------------------------------------------

function touch(pause = PAUSE) {
  clearTimeout(timer);
  keep();
  if (!isStopped) timer = setTimeout(send, pause);
  showWhole();
}

async function send() {
  clearTimeout(timer);
  const sent = [...rows.values()].filter((row) => row.isDirty && !row.waits && !row.isHalf);
  if (isSending || isStopped || isLeaving || !sent.length) return showWhole();
  isSending = true;
  showWhole();
  const typed = new Map(sent.map((row) => [row.order, row.typed()]));
  try {
    const answer = await post(sent);
    failures = 0;
    if (notice.textContent === OFFLINE) notice.replaceChildren();
    await take(answer, typed);
  } catch {
    failures += 1;
    say(OFFLINE);
    timer = setTimeout(send, RETRY[Math.min(failures, RETRY.length) - 1]);
  }
  isSending = false;
  keep();
  showWhole();
  if (pressed) {
    const button = pressed;
    pressed = null;
    form.requestSubmit(button === form ? undefined : button);
    return;
  }
  if (!failures && [...rows.values()].some((row) => row.isDirty && !row.waits && !row.isHalf)) touch();
}

// Throws where trying again may help: no network, or a server in trouble.
async function post(sent) {
  const body = new URLSearchParams();
  for (const row of sent) {
    body.append(row.base.name, row.base.value);
    for (const [name, text] of Object.entries(row.values())) if (name !== "star" || text) body.append(name, text);
  }
  const answer = await fetch(form.dataset.save, {
    method: "POST",
    body,
    redirect: "manual",
    headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });
  if (answer.status >= 500) throw new Error(String(answer.status));
  return answer;
}

async function take(answer, typed) {
  if (answer.type === "opaqueredirect" || answer.status === 403) return stop("登录已失效，填写已暂存在本机。请重新登录后打开本页，会自动找回。");
  const told = await answer.json().catch(() => null);
  if (!told?.rows) return stop(`${told?.sentence || "没有保存，请刷新页面后重试。"}您的填写已暂存在本机。`);
  for (const [order, piece] of Object.entries(told.rows)) {
    const row = rows.get(order);
    if (!row) continue;
    const sent = typed.get(order);
    if (sent === undefined) adopt(row, piece);
    else settle(row, sent, piece);
  }
  for (const field of document.querySelectorAll("input[name=revision]")) field.value = told.revision;
  const gaps = document.getElementById("table-gaps");
  const isOpen = Boolean(gaps.querySelector("details[open]"));
  if (!gaps.contains(document.activeElement)) {
    gaps.innerHTML = told.gaps;
    if (isOpen) gaps.querySelector("details")?.setAttribute("open", "");
  }
  const now = new Date();
  savedAt = `${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}`;
}

function settle(row, sent, piece) {
  if (piece.state === "saved") {
    row.base.value = piece.base;
    row.stored = sent;
    row.refused = "";
  }
  if (piece.state === "invalid") row.refused = sent;
  if (piece.state === "conflict") row.rival = piece;
  if (row.typed() === sent) mark(row, piece);
}

// What a colleague saved in a row that nobody touches here is simply shown.
function adopt(row, piece) {
  if (row.isDirty || row.base.value === piece.base || row.body.contains(document.activeElement)) return;
  row.put({ ...piece.fields, star: piece.star });
  row.base.value = piece.base;
  row.stored = row.typed();
  mark(row, piece);
  form.dispatchEvent(new CustomEvent("rows:adopted"));
}

function stop(sentence) {
  isStopped = true;
  say(sentence);
}

// --- people --------------------------------------------------------------------------------------

function rowOf(target) {
  return rows.get(target.closest?.("tbody[data-row]")?.dataset.row);
}

form?.addEventListener("input", (event) => {
  const row = rowOf(event.target);
  if (!row) return;
  // Whoever goes on typing over a colleague's figure is asked again by the server, not here.
  row.rival = null;
  touch();
});

form?.addEventListener("focusout", (event) => {
  const row = rowOf(event.target);
  // After the focus has moved: half a ratio is a mistake now.
  if (row?.isDirty && !row.body.contains(event.relatedTarget)) touch(0);
});

form?.addEventListener("click", (event) => {
  const choice = event.target.closest?.("[data-take]")?.dataset.take;
  const row = choice && rowOf(event.target);
  if (!row?.rival) return;
  row.base.value = row.rival.base;
  if (choice === "theirs") row.put({ ...row.rival.fields, star: row.rival.star });
  row.rival = null;
  row.stored = null; // the server answers with the state of the row, be there anything to write or not
  row.fields[0].focus();
  form.dispatchEvent(new CustomEvent("rows:adopted"));
  touch(0);
});

form?.addEventListener("submit", (event) => {
  if (isSending) {
    // What is on its way arrives first, or the form would meet its own row as a colleague's.
    event.preventDefault();
    pressed = event.submitter ?? form;
    return;
  }
  isLeaving = true;
  clearTimeout(timer);
  // What was typed may be saved already, and is not called unchanged then.
  const mark = Object.assign(document.createElement("input"), { type: "hidden", name: "autosaved", value: "yes" });
  form.append(mark);
});

window.addEventListener("online", () => touch(0));
window.addEventListener("pageshow", () => {
  isLeaving = false;
});
window.addEventListener("beforeunload", (event) => {
  if (isLeaving || ![...rows.values()].some((row) => row.isDirty)) return;
  event.preventDefault();
  event.returnValue = "有尚未保存的内容";
});

if (form) {
  // This file asks before unsaved changes are lost, and knows what is saved already.
  form.removeAttribute("data-guard");
  // A page that says what was refused stays as it is until something is typed.
  if (!document.querySelector(".form-errors")) {
    restore();
    touch(0);
  }
}
