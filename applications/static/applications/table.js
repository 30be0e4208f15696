// Comforts of the 31-row table: the counter of ★ follows the ticks. The page works without this file.

const form = document.getElementById("table-form");
const words = document.getElementById("star-words");
const count = document.getElementById("star");

function tell() {
  const wanted = Number(form.dataset.stars);
  const chosen = form.querySelectorAll("input[name=star]:checked").length;
  const left = wanted - chosen;
  let said = `已选${chosen}项，已选满`;
  if (left > 0) said = `已选${chosen}项，还可选${left}项`;
  if (left < 0) said = `已选${chosen}项，最多${wanted}项，请取消多选的`;
  words.textContent = said;
  count.classList.toggle("is-off", left !== 0);
}

form?.addEventListener("change", (event) => {
  if (event.target.name === "star") tell();
});
// A colleague's ★ was taken over.
form?.addEventListener("rows:adopted", tell);

// A gap leads to a row: what is folded in it is opened, so that the reader sees the field.
function open() {
  const place = document.getElementById(location.hash.slice(1));
  place?.querySelectorAll(".reason, .parts").forEach((each) => { each.open = true; });
}

window.addEventListener("hashchange", open);
open();
