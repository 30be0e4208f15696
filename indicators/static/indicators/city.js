// Comforts of the heat view: arrow keys move through the grid, a cell opens beside it without a new page.

const grid = document.querySelector("[data-heat]");
const aside = document.querySelector("#cell");

function links(row) {
  return [...row.querySelectorAll("td > a")];
}

function focusOn(link) {
  if (!link) return;
  grid.querySelector("a[tabindex='0']")?.setAttribute("tabindex", "-1");
  link.setAttribute("tabindex", "0");
  link.focus();
}

function neighbour(link, key) {
  const row = link.closest("tr");
  const place = links(row).indexOf(link);
  const last = links(row).length - 1;
  const beside = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: last }[key];
  if (beside !== undefined) return links(row)[beside];
  const other = key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
  return other ? links(other)[place] : null;
}

const KEYS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

if (grid) {
  grid.querySelector("td > a")?.setAttribute("tabindex", "0");
  grid.addEventListener("keydown", (event) => {
    const link = event.target.closest("td > a");
    if (!link || !KEYS.has(event.key)) return;
    event.preventDefault();
    focusOn(neighbour(link, event.key));
  });
  grid.addEventListener("click", (event) => {
    const link = event.target.closest("td > a");
    if (!link || !window.htmx || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    grid.querySelector("td.is-open")?.classList.remove("is-open");
    link.parentElement.classList.add("is-open");
    focusOn(link);
    const address = link.getAttribute("href").split("#")[0];
    window.htmx.ajax("GET", address, { target: aside, swap: "innerHTML" });
  });
}
