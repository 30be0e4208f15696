// The file to be verified is digested here and never sent: only its digest is. Without this the form uploads it.

const LIMIT = 50 * 1024 * 1024;

for (const form of document.querySelectorAll("form[data-verify]")) {
  // Browsers digest only on pages that came encrypted, or from this machine.
  if (!window.crypto?.subtle) continue;
  const input = form.querySelector("input[type=file]");
  const words = form.querySelector("[data-verify-words]");

  form.addEventListener("submit", (event) => {
    const [file] = input.files;
    if (!file || file.size > LIMIT) return;
    event.preventDefault();
    verify(form, file, words);
  });

  const zone = form.querySelector("[data-verify-drop]");
  zone.classList.add("is-ready");
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("is-over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}

async function verify(form, file, words) {
  words.textContent = "正在本机计算文件摘要…";
  try {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    window.location.assign(`${form.dataset.verify}?sha256=${hex}`);
  } catch {
    words.textContent = "文件无法读取，请重新选择。";
  }
}
