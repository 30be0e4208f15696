// Autosave of the indicator table. Without this file the buttons below the table save the whole form.
//
// Each line is sent by itself against the fingerprint of what its editor saw. What is not yet in safety on
// the server is kept in this browser, by sheet and person, and found again after a new login.

const form = document.getElementById("fill-form");
const PAUSE = 1500;
const RETRY = [1000, 2000, 4000, 8000, 15000, 30000];
const KEEP = `portal.fill.${form.dataset.keep}`;
const PREFIXES = ["v", "n", "d", "m", "t"];

class Line {
  constructor(row) {
    this.row = row;
    this.code = row.dataset.line;
    this.fields = new Map(
      PREFIXES.map((prefix) => [prefix, form.elements[`${prefix}-${this.code}`]]).filter(([, field]) => field),
    );
    this.baseField = form.elements[`b-${this.code}`];
    // What the server is known to hold; null where the page shows typing that it refused.
    this.stored = "unsaved" in row.dataset ? null : this.typed();
    this.mark = row.dataset.mark; // what is shown here, in the server's shorthand
    this.rival = null; // somebody else's content, offered for choice
    this.refused = ""; // the typing that the server would not take
    this.timer = 0;
  }

  typed() {
    return JSON.stringify(Object.fromEntries([...this.fields].map(([prefix, field]) => [prefix, field.value])));
  }

  put(values) {
    for (const [prefix, field] of this.fields) if (prefix in values) field.value = values[prefix];
  }

  get isDirty() {
    return this.fields.size > 0 && this.typed() !== this.stored;
  }

  get waitsForPerson() {
    return Boolean(this.rival) || this.refused === this.typed();
  }

  // Half a ratio is no mistake while one is still in the line.
  get isHalf() {
    const half = ["n", "d"].map((prefix) => Boolean(this.fields.get(prefix)?.value.trim()));
    return half[0] !== half[1] && this.row.contains(document.activeElement);
  }
}

const lines = new Map(
  [...form.querySelectorAll("tr[data-line]")].map((row) => [row.dataset.line, new Line(row)]),
);
const queue = [];
let isSending = false;
let isStopped = false; // the session ended, or the sheet may no longer be changed
let isLeaving = false;
let failures = 0;
let retryTimer = 0;
let savedAt = "";

// --- what is kept in this browser ----------------------------------------------------------------

function readKept() {
  try {
    return JSON.parse(localStorage.getItem(KEEP) || "{}");
  } catch {
    return {};
  }
}

function keep(line) {
  const kept = readKept();
  if (line.isDirty) kept[line.code] = { fields: JSON.parse(line.typed()), base: line.baseField.value };
  else delete kept[line.code];
  try {
    if (Object.keys(kept).length) localStorage.setItem(KEEP, JSON.stringify(kept));
    else localStorage.removeItem(KEEP);
    return true;
  } catch {
    return false; // storage is full or forbidden: the guard before leaving still stands
  }
}

function restore() {
  const kept = readKept();
  let count = 0;
  for (const [code, entry] of Object.entries(kept)) {
    const line = lines.get(code);
    if (!line || !line.fields.size) continue;
    const shown = line.typed();
    line.put(entry.fields);
    if (line.typed() === shown && line.stored !== null) {
      keep(line);
      continue;
    }
    line.baseField.value = entry.base;
    count += 1;
    touch(line, 0);
  }
  if (count) tell("restored", { count });
}

// --- words on the page ---------------------------------------------------------------------------

function template(selector) {
  return document.querySelector(`template[${selector}]`).content.cloneNode(true);
}

function tell(name, words = {}) {
  const box = document.getElementById("fill-notice");
  const content = template(`data-words="${name}"`);
  for (const [key, text] of Object.entries(words)) content.querySelector(`[data-${key}]`).textContent = text;
  if (box.dataset.told === name && !Object.keys(words).length) return;
  box.dataset.told = name;
  box.replaceChildren(content);
}

function hush(name) {
  const box = document.getElementById("fill-notice");
  if (box.dataset.told !== name) return;
  delete box.dataset.told;
  box.replaceChildren();
}

function showState(line, name) {
  line.mark = ""; // no longer as the server told it
  document.getElementById(`s-${line.code}`).replaceChildren(template(`data-state="${name}"`));
}

function showWhole() {
  const open = [...lines.values()].filter((line) => line.isDirty).length;
  const words = document.getElementById("save-words");
  let text = savedAt ? `全部已保存 ${savedAt}` : "";
  if (open) text = `${open}项未保存`;
  if (words.textContent !== text) words.textContent = text;
}

// What was last put into an element, so that nothing is drawn anew under somebody's hands for nothing.
const drawn = new Map();

function draw(element, html) {
  if (!element || drawn.get(element) === html || element.contains(document.activeElement)) return;
  drawn.set(element, html);
  element.innerHTML = html;
}

// --- sending -------------------------------------------------------------------------------------

function touch(line, pause = PAUSE) {
  clearTimeout(line.timer);
  keep(line);
  if (line.isDirty && !line.waitsForPerson) {
    if (!isSending || queue[0] !== line) showState(line, isStopped ? "kept" : "unsaved");
    if (!isStopped) line.timer = setTimeout(() => enqueue(line), pause);
  }
  showWhole();
}

function enqueue(line) {
  clearTimeout(line.timer);
  if (!line.isDirty || line.waitsForPerson || isStopped) return;
  if (line.isHalf) return; // sent when the line is left
  if (!queue.includes(line) || (isSending && queue[0] === line)) queue.push(line);
  pump();
}

async function pump() {
  if (isSending || isStopped || retryTimer || !queue.length) return;
  isSending = true;
  const line = queue[0];
  const sent = line.typed();
  showState(line, "saving");
  try {
    const answer = await send(line, sent);
    failures = 0;
    hush("offline");
    queue.shift();
    await take(line, sent, answer);
  } catch {
    failures += 1;
    for (const each of new Set(queue)) showState(each, "retrying");
    tell("offline");
    retryTimer = setTimeout(again, RETRY[Math.min(failures, RETRY.length) - 1]);
  }
  isSending = false;
  showWhole();
  pump();
}

function again() {
  clearTimeout(retryTimer);
  retryTimer = 0;
  pump();
}

// Throws where trying again may help: no network, or a server in trouble.
async function send(line, sent) {
  // Lines that stand here as the server last told them need not be told again.
  const seen = [...lines.values()].filter((each) => !each.isDirty).map((each) => each.mark);
  const body = new URLSearchParams({ [`b-${line.code}`]: line.baseField.value, seen: seen.join(" ") });
  for (const [prefix, text] of Object.entries(JSON.parse(sent))) body.set(`${prefix}-${line.code}`, text);
  const answer = await fetch(line.row.dataset.save, {
    method: "POST",
    body,
    redirect: "manual",
    headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });
  if (answer.status >= 500) throw new Error(String(answer.status));
  return answer;
}

async function take(line, sent, answer) {
  if (answer.type === "opaqueredirect") return stop("expired");
  if (answer.status === 403) return stop("changed");
  const told = await answer.json().catch(() => null);
  if (told?.outcome === "refused" && told.reason !== "cell_locked") {
    return stop("refused", { sentence: `${told.sentence}您的填写已暂存在本机。` });
  }
  if (!told?.cells) {
    line.refused = sent;
    showState(line, "failed");
    return tell("refused", { sentence: told?.sentence || "这一项没有保存，请刷新页面后重试。" });
  }
  line.refused = told.outcome === "invalid" ? sent : "";
  const piece = told.cells[line.code];
  if (told.outcome === "conflict") line.rival = { base: piece.base, fields: piece.fields };
  if (told.outcome === "saved" || told.outcome === "same") settle(line, sent, piece);
  mark(line, told.faulty);
  show(told, line, sent);
}

// The sent content is in safety now; what was typed since is still on its way.
function settle(line, sent, piece) {
  line.baseField.value = piece.base;
  line.stored = sent;
  line.rival = null;
  const now = new Date();
  savedAt = `${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}`;
  hush("restored");
  hush("refused");
  keep(line);
  if (line.isDirty) touch(line);
}

function mark(line, faulty) {
  for (const field of line.fields.values()) {
    const isWrong = faulty.includes(field.id);
    field.classList.toggle("is-invalid", isWrong);
    if (isWrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

function show(told, own, sent) {
  for (const [code, piece] of Object.entries(told.cells)) {
    const line = lines.get(code);
    if (!line) continue;
    if (line !== own) adopt(line, piece);
    line.mark = "";
    // A line in which something else has been typed by now says so itself.
    if (line.isDirty && !(line === own && line.typed() === sent)) continue;
    if (line.waitsForPerson && line !== own) continue;
    line.row.dataset.kinds = piece.kinds;
    line.row.className = `is-${piece.state}`;
    drawn.delete(document.getElementById(`s-${code}`));
    const boxes = ["s", "x"].map((box) => document.getElementById(`${box}-${code}`));
    const isHeld = boxes.some((box) => box?.contains(document.activeElement));
    draw(boxes[0], piece.states);
    draw(boxes[1], piece.notes);
    if (!isHeld && line.baseField.value === piece.base) line.mark = piece.mark;
  }
  for (const [id, html] of Object.entries(told.boxes)) draw(document.getElementById(id), html);
  const isUpToDate = [...lines.values()].every(
    (line) => !line.isDirty || !told.cells[line.code] || line.baseField.value === told.cells[line.code].base,
  );
  if (isUpToDate) form.elements.revision.value = told.revision;
  document.dispatchEvent(new CustomEvent("lines:changed"));
}

// What a colleague saved in a line that nobody touches here is simply shown.
function adopt(line, piece) {
  if (line.isDirty || line.baseField.value === piece.base || !line.fields.size) return;
  if (line.row.contains(document.activeElement)) return;
  line.put(piece.fields);
  line.baseField.value = piece.base;
  line.stored = line.typed();
}

function stop(name, words) {
  isStopped = true;
  queue.length = 0;
  for (const line of lines.values()) {
    clearTimeout(line.timer);
    if (line.isDirty && !line.waitsForPerson) showState(line, "kept");
  }
  tell(name, words);
}

// --- people --------------------------------------------------------------------------------------

function lineOf(target) {
  return lines.get(target.closest?.("tr[data-line]")?.dataset.line);
}

form.addEventListener("input", (event) => {
  const line = lineOf(event.target);
  if (!line) return;
  // Whoever goes on typing over a colleague's figure is asked again by the server, not here.
  line.rival = null;
  touch(line);
});

form.addEventListener("focusout", (event) => {
  const line = lineOf(event.target);
  if (!line || line.row.contains(event.relatedTarget) || !line.isDirty) return;
  // After the focus has moved: half a ratio is a mistake now.
  setTimeout(() => enqueue(line), 0);
});

form.addEventListener("click", (event) => {
  const choice = event.target.closest?.("[data-take]")?.dataset.take;
  const line = choice && lineOf(event.target);
  if (!line?.rival) return;
  line.baseField.value = line.rival.base;
  if (choice === "theirs") line.put(line.rival.fields);
  line.rival = null;
  // The server answers with the state of the line, be there anything to write or not.
  line.stored = null;
  [...line.fields.values()][0].focus();
  enqueue(line);
});

form.addEventListener("submit", () => {
  isLeaving = true;
  for (const line of lines.values()) clearTimeout(line.timer);
  queue.length = 0;
  const mark = document.createElement("input");
  mark.type = "hidden";
  mark.name = "autosaved";
  mark.value = "yes";
  form.append(mark);
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-leave]")) isLeaving = true;
});

window.addEventListener("online", again);
window.addEventListener("pageshow", () => {
  isLeaving = false;
});

window.addEventListener("beforeunload", (event) => {
  if (isLeaving || ![...lines.values()].some((line) => line.isDirty)) return;
  event.preventDefault();
  event.returnValue = "有尚未保存的内容";
});

restore();
for (const line of lines.values()) {
  // The page shows what the server did not take: what is in order now is saved, the rest says why not.
  if (line.stored === null && !document.querySelector(".form-errors")) touch(line, 0);
}
