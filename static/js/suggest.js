// Suggestions while somebody types into a search box. A comfort: without this file the box searches as it always did.

const WAIT = 250; // milliseconds without a key before anything is asked

for (const input of document.querySelectorAll("input[data-suggest]")) prepare(input);

function prepare(input) {
  const list = document.createElement("ul");
  list.className = "suggest-list";
  list.id = `${input.id}-suggestions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "查找建议");
  list.hidden = true;
  const told = document.createElement("span");
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  const box = document.createElement("span");
  box.className = "suggest";
  const hadFocus = document.activeElement === input;
  input.replaceWith(box);
  box.append(input, list, told);
  if (hadFocus) input.focus();
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  const state = { input, list, told, timer: 0, asked: null, active: -1 };
  input.addEventListener("input", () => schedule(state));
  input.addEventListener("keydown", (event) => steer(event, state));
  input.addEventListener("blur", () => close(state));
  // Before the blur, so that a press on a suggestion still finds the list.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => go(event.target.closest("li")));
}

function schedule(state) {
  clearTimeout(state.timer);
  state.asked?.abort();
  const words = state.input.value.trim();
  // One Latin letter stands at the head of half the province.
  if (!words || /^[a-z0-9]$/i.test(words)) {
    close(state);
    return;
  }
  state.timer = setTimeout(() => ask(state, words), WAIT);
}

async function ask(state, words) {
  const asked = new AbortController();
  state.asked = asked;
  try {
    const address = `${state.input.dataset.suggest}?q=${encodeURIComponent(words)}`;
    const answer = await fetch(address, { signal: asked.signal, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { hits } = await answer.json();
    if (state.asked === asked && document.activeElement === state.input) show(state, hits);
  } catch {
    // Superseded, signed out, or no network: the button still searches.
    if (state.asked === asked) close(state);
  }
}

function show(state, hits) {
  state.active = -1;
  state.input.removeAttribute("aria-activedescendant");
  state.list.replaceChildren(...hits.map((hit, place) => option(hit, `${state.list.id}-${place}`)));
  state.list.hidden = hits.length === 0;
  state.input.setAttribute("aria-expanded", String(hits.length > 0));
  state.told.textContent = hits.length ? `${hits.length}条建议，按上下方向键选择。` : "没有建议，按回车键查找。";
}

function option(hit, id) {
  const item = document.createElement("li");
  item.id = id;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.dataset.url = hit.url;
  item.append(part("suggest-title", hit.title), part("suggest-kind", hit.kind));
  if (hit.note) item.append(part("suggest-note", hit.note));
  return item;
}

function part(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

function steer(event, state) {
  // Enter while Chinese is being composed belongs to the input method.
  if (event.isComposing || state.list.hidden) return;
  const items = [...state.list.children];
  if (event.key === "ArrowDown") choose(state, items, (state.active + 1) % items.length);
  else if (event.key === "ArrowUp") choose(state, items, state.active <= 0 ? items.length - 1 : state.active - 1);
  else if (event.key === "Enter" && state.active >= 0) go(items[state.active]);
  else if (event.key === "Escape") close(state);
  else return;
  event.preventDefault();
}

function choose(state, items, place) {
  state.active = place;
  for (const [index, item] of items.entries()) item.setAttribute("aria-selected", String(index === place));
  state.input.setAttribute("aria-activedescendant", items[place].id);
  items[place].scrollIntoView({ block: "nearest" });
}

function go(item) {
  if (item) window.location.assign(item.dataset.url);
}

function close(state) {
  clearTimeout(state.timer);
  state.active = -1;
  state.list.hidden = true;
  state.told.textContent = "";
  state.input.setAttribute("aria-expanded", "false");
  state.input.removeAttribute("aria-activedescendant");
}
