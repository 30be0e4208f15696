// Comforts only: every page works without this file.

const UNSAVED = "有尚未保存的内容";
const SENDING = "正在提交…";

// Forms marked data-guard ask before their unsaved changes are lost.
const guarded = new Set();

// What stood on a button before it said 正在提交….
const faces = new WeakMap();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-guard")) guarded.add(form);
});

window.addEventListener("beforeunload", (event) => {
  if (![...guarded].some((form) => form.isConnected)) return;
  event.preventDefault();
  event.returnValue = UNSAVED;
});

// A form is sent once: its buttons sleep until the answer, or until the page is shown again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  guarded.delete(form);
  form.dataset.sent = "yes";
  // After this turn, so that the pressed button's own name and value are still sent.
  setTimeout(() => sleep(form, event.submitter), 0);
});

function sleep(form, pressed) {
  for (const button of form.querySelectorAll("button[type=submit], input[type=submit]")) {
    if (button.disabled) continue;
    button.disabled = true;
    button.dataset.slept = "yes";
  }
  if (pressed instanceof HTMLButtonElement) {
    faces.set(pressed, [...pressed.childNodes]);
    pressed.replaceChildren(SENDING);
  }
  // A download leaves the page where it is; without this the form would sleep for ever.
  if (form.hasAttribute("data-download")) setTimeout(() => wake(form), 4000);
}

function wake(root) {
  const forms = root instanceof HTMLFormElement ? [root] : root.querySelectorAll("form[data-sent]");
  for (const form of forms) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[data-slept]")) {
      button.disabled = false;
      delete button.dataset.slept;
      if (faces.has(button)) button.replaceChildren(...faces.get(button));
      faces.delete(button);
    }
  }
}

window.addEventListener("pageshow", () => wake(document));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (!form) return;
  if (event.detail.successful) guarded.delete(form);
  wake(form);
});

// Menus made of <details data-menu> close on Escape and on a click elsewhere.
const openMenus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// The reader is led to what went wrong.
function focusFault(root) {
  root.querySelector("[data-focus]")?.focus();
}

focusFault(document);
document.addEventListener("htmx:afterSwap", (event) => focusFault(event.target));

// Progress: htmx asks every two seconds. Should it be missing, the page is loaded again instead.
if (!window.htmx && document.querySelector("[data-poll]")) {
  setTimeout(() => window.location.reload(), 5000);
}

for (const name of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    event.target.closest?.("[data-poll]")?.classList.add("is-unreachable");
  });
}
