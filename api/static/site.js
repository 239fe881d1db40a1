// What pages do better with JavaScript. Everything here has a way without it.
document.documentElement.classList.add("js");

// A form is sent once: the second press of a hurried hand does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("[data-once]") || (button && button.hasAttribute("data-again"))) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  for (const one of form.querySelectorAll("button")) setTimeout(() => { one.disabled = true; });
});
// A long text is not left behind unasked: another form of the page or a link would throw it away.
let written = null;
document.addEventListener("input", (event) => {
  if (event.target.matches("form[data-form] textarea")) written = event.target.form;
});
document.addEventListener("submit", (event) => {
  if (event.target === written && !event.submitter?.hasAttribute("data-again")) written = null;
});
window.addEventListener("beforeunload", (event) => {
  if (written) event.preventDefault();
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once]")) {
    delete form.dataset.sent;
    for (const one of form.querySelectorAll("button")) one.disabled = false;
  }
});

// Fields of the chosen act only.
for (const form of document.querySelectorAll("[data-form]")) {
  const choice = () => form.querySelector("input[name=act]:checked, input[name=act][type=hidden]");
  const show = () => {
    const act = choice()?.value;
    for (const field of form.querySelectorAll("[data-acts]")) {
      field.hidden = !act || !field.dataset.acts.split(" ").includes(act);
    }
  };
  form.addEventListener("change", show);
  show();
}

// How much room is left in a long text.
for (const area of document.querySelectorAll("textarea[data-limit]")) {
  const note = document.createElement("div");
  note.className = "counter";
  note.setAttribute("aria-live", "off");
  const count = () => { note.textContent = `${area.value.length} / ${area.dataset.limit}`; };
  area.after(note);
  area.addEventListener("input", count);
  count();
}

for (const all of document.querySelectorAll("[data-all]")) {
  all.addEventListener("change", () => {
    for (const box of all.closest("table").querySelectorAll("tbody input[type=checkbox]")) box.checked = all.checked;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
document.querySelector("[data-focus]")?.focus();

// J and K move along a list, X ticks, Enter opens.
const table = document.querySelector("table[data-keys]");
if (table) {
  const rows = [...table.tBodies[0].rows];
  let at = -1;
  const go = (to) => {
    if (to >= rows.length) return document.querySelector("a[rel=next]")?.focus();
    rows[at]?.classList.remove("at");
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].classList.add("at");
    rows[at].querySelector(".go")?.focus();
  };
  // Back at a row: only after the browser has gone there itself, which takes the focus away.
  window.addEventListener("load", () => setTimeout(() => {
    const back = rows.findIndex((row) => row.id && `#${row.id}` === window.location.hash);
    if (back >= 0) go(back);
  }));
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input:not([type=checkbox]), textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at - 1);
    else if (event.key === "x" && at >= 0) {
      const box = rows[at].querySelector("input[type=checkbox]");
      if (box) box.checked = !box.checked;
    } else return;
    event.preventDefault();
  });
}

// Follows a submission until there is a result to go to.
const pending = document.querySelector("[data-follow]");
if (pending) {
  const ask = async () => {
    const answer = await fetch(pending.dataset.follow, { redirect: "manual" }).catch(() => null);
    if (answer && answer.status !== 202) return window.location.reload();
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 600);
}
