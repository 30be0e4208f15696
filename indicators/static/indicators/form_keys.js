// The indicator table by keyboard, its filters in place, and the panel beside it.

const form = document.getElementById("fill-form");
const panel = document.getElementById("cell-panel");
const rows = [...form.querySelectorAll("tr[data-line]")];
const NUMBER = 'input[inputmode="decimal"]';

// --- arrows --------------------------------------------------------------------------------------

form.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.metaKey) return;
  const row = event.target.closest("tr[data-line]");
  if (!row) return;
  if (event.ctrlKey && event.key === "Enter") {
    event.preventDefault();
    open(row, event.target);
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.ctrlKey || event.shiftKey || !event.target.matches(NUMBER)) return;
  event.preventDefault();
  const seen = rows.filter((each) => !each.hidden);
  const prefix = event.target.name[0];
  for (let place = seen.indexOf(row) + step; place >= 0 && place < seen.length; place += step) {
    const code = seen[place].dataset.line;
    const field = form.elements[`${prefix}-${code}`] ?? form.elements[`v-${code}`];
    if (!field) continue;
    field.focus();
    field.select();
    return;
  }
});

// A link to a line leads into its field, whatever the filter hides.
function enter(code) {
  const row = rows.find((each) => each.dataset.line === code);
  if (!row) return false;
  if (row.hidden) filter("");
  row.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  row.scrollIntoView({ block: "center" });
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#line-"]');
  if (!link || !enter(link.hash.slice("#line-".length))) return;
  event.preventDefault();
  history.replaceState(null, "", link.hash);
});

// --- filters -------------------------------------------------------------------------------------

const chips = [...document.querySelectorAll(".chips .chip")].map((chip) => ({
  chip,
  kind: new URL(chip.href).searchParams.get("only") ?? "",
}));
let kind = chips.find(({ chip }) => chip.hasAttribute("aria-current"))?.kind ?? "";

function has(row, wanted) {
  return !wanted || row.dataset.kinds.split(" ").includes(wanted);
}

function count() {
  for (const { chip, kind: wanted } of chips) {
    chip.querySelector(".chip-count").textContent = rows.filter((row) => has(row, wanted)).length;
  }
}

function filter(wanted) {
  kind = wanted;
  for (const row of rows) row.hidden = !has(row, wanted);
  let heading = null;
  for (const row of form.querySelectorAll("tbody tr")) {
    if (row.classList.contains("group")) {
      heading = row;
      heading.hidden = Boolean(wanted);
    } else if (!row.hidden && heading) {
      heading.hidden = false;
    }
  }
  document.getElementById("no-lines").hidden = rows.some((row) => !row.hidden);
  for (const { chip, kind: own } of chips) {
    if (own === wanted) chip.setAttribute("aria-current", "true");
    else chip.removeAttribute("aria-current");
  }
}

for (const { chip, kind: wanted } of chips) {
  chip.addEventListener("click", (event) => {
    event.preventDefault();
    filter(wanted);
    history.replaceState(null, "", chip.href);
  });
}

// Counts follow the saving; lines stay where they are until the next press, under nobody's hands.
document.addEventListener("lines:changed", count);

// --- the panel -----------------------------------------------------------------------------------

let opener = null;

async function open(row, from) {
  const link = row.querySelector("[data-panel]");
  const title = document.getElementById("cell-panel-title");
  const body = document.getElementById("cell-panel-body");
  opener = from;
  title.textContent = row.querySelector("th label")?.textContent ?? link.textContent;
  body.textContent = "正在打开…";
  panel.hidden = false;
  title.focus();
  const answer = await fetch(link.href, { headers: { "X-Panel": "1" }, redirect: "manual" }).catch(() => null);
  if (answer?.ok) body.innerHTML = await answer.text();
  else body.textContent = "没有打开，请检查网络或重新登录后再试。";
}

function close() {
  if (panel.hidden) return;
  panel.hidden = true;
  (opener?.isConnected ? opener : form).focus();
}

form.addEventListener("click", (event) => {
  const link = event.target.closest("[data-panel]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link.closest("tr"), link);
});

panel.querySelector("[data-close-panel]").addEventListener("click", close);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
