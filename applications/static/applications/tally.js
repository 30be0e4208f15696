// How many are chosen, refused and open while a list is drawn up. Without this file the count stands on the page of
// the list once it is saved.

const form = document.querySelector("form[data-tally]");
const output = form?.querySelector(".tally");

function count() {
  const asked = new Set();
  const said = { yes: 0, no: 0 };
  for (const field of form.querySelectorAll("input[type=radio]")) {
    asked.add(field.name);
    if (field.checked) said[field.value] += 1;
  }
  const open = asked.size - said.yes - said.no;
  output.textContent = `入选${said.yes}个，不入选${said.no}个${open ? `，未定${open}个` : ""}`;
}

if (output) {
  count();
  form.addEventListener("input", count);
}
