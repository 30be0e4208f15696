// The 31-row table by keyboard and from the clipboard. The page works without this file.

const form = document.getElementById("table-form");
const bodies = [...(form?.querySelectorAll("tbody[data-row]") ?? [])];
const words = document.getElementById("table-notice");

function columns(body) {
  return [...body.querySelectorAll("input[data-column]")];
}

// --- moving --------------------------------------------------------------------------------------

form?.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.metaKey || event.ctrlKey) return;
  const field = event.target;
  if (!field.matches("input[data-column]")) return;
  const isBack = event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey);
  if (!isBack && event.key !== "ArrowDown" && event.key !== "Enter") return;
  event.preventDefault();
  const step = isBack ? -1 : 1;
  for (let place = bodies.indexOf(field.closest("tbody")) + step; bodies[place]; place += step) {
    const next = columns(bodies[place])[Number(field.dataset.column)];
    if (!next) continue;
    next.focus();
    next.select();
    return;
  }
});

// --- pasting a block -----------------------------------------------------------------------------

function cellsOf(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  return lines.map((line) => line.split("\t").map((cell) => cell.trim().replace(/^"(.*)"$/, "$1")));
}

function looksLikeFigure(cell) {
  return cell === "" || (/^[+-]?[\d０-９]/.test(cell) && !cell.includes("年"));
}

// A line copied whole begins with its number and name: those say which row it is, its last cells are the figures.
function placed(lines, field) {
  const start = Number(field.dataset.column);
  const first = bodies.indexOf(field.closest("tbody"));
  const room = columns(bodies[first]).length - start;
  return lines.flatMap((cells, place) => {
    const extra = Math.max(cells.length - room, 0);
    const number = extra && start === 0 && /^\d{1,2}(-\d{1,2})?$/.test(cells[0]) ? cells[0] : "";
    const body = number ? bodies.find((each) => each.dataset.number === number) : bodies[first + place];
    const figures = start === 0 ? cells.slice(extra) : cells.slice(0, room);
    const lost = start === 0 ? 0 : extra;
    return [{ body, figures, lost, start, isNamed: Boolean(number) }];
  });
}

function paste(field, text) {
  const lines = placed(cellsOf(text), field);
  // Headings of a table copied with its head are no figures.
  while (lines.length > 1 && lines[0].figures.every((cell) => cell && !looksLikeFigure(cell))) {
    shift(lines, lines.shift().body);
  }
  const before = [];
  const told = { rows: 0, left: 0 };
  for (const { body, figures, lost, start } of lines) {
    const fields = body ? columns(body).slice(start) : [];
    if (lost || (!fields.length && figures.some((cell) => cell && looksLikeFigure(cell)))) told.left += 1;
    if (!fields.length || figures.every((cell) => !cell)) continue;
    told.rows += 1;
    const unit = body.querySelector(".unit")?.textContent.replace(/[（）]/g, "") ?? "";
    figures.forEach((copied, place) => {
      const target = fields[place];
      // The row's own unit says nothing new; any other is refused by the server.
      const cell = unit && copied.endsWith(unit) ? copied.slice(0, -unit.length).trim() : copied;
      if (!target || target.value === cell || cell === "") return;
      before.push([target, target.value]);
      target.value = cell;
      target.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  tell(before, told);
}

// Lines that follow a heading move up by one, but for those whose number says where they belong.
function shift(lines, from) {
  const start = bodies.indexOf(from);
  lines.forEach((line, place) => {
    if (!line.isNamed) line.body = bodies[start + place];
  });
}

function tell(before, { rows, left }) {
  const said = document.createElement("p");
  said.className = "paste-words";
  said.append(`已粘贴${rows}行，改动${before.length}格，空格不改动。请核对。`);
  if (left) said.append(`有${left}行没有对应的位置，未粘贴或未粘贴全。`);
  if (before.length) said.append(undoButton(before, said));
  words.replaceChildren(said);
}

function undoButton(before, said) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-secondary";
  button.textContent = "撤销粘贴";
  button.addEventListener("click", () => {
    for (const [field, text] of before) {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    said.textContent = "已撤销粘贴。";
    before[0][0].focus();
  });
  return button;
}

form?.addEventListener("paste", (event) => {
  const field = event.target;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!field.matches?.("input[data-column]") || !/[\t\n\r]/.test(text.replace(/[\r\n]+$/, ""))) return;
  event.preventDefault();
  paste(field, text);
});
