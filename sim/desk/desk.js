"use strict";
// The answer beside the form follows what is typed; every rule is the program's, none stands here.
const facts = document.getElementById("facts");
const decision = document.getElementById("decision");
const rest = document.getElementById("rest");
let asked = 0;

async function ask() {
  const number = ++asked;
  let text;
  try {
    const reply = await fetch("answer", { method: "POST", body: new URLSearchParams(new FormData(facts)) });
    text = await reply.text();
  } catch {
    text = '<div data-decision="The desk has ended; start it again with minustwo desk."></div>';
  }
  if (number === asked) show(text);
}

function show(text) {
  if (text !== undefined) rest.innerHTML = text;
  const found = rest.firstElementChild;
  if (!found) return;
  // A screen reader is told the decision alone, and only when it is another one.
  if (decision.textContent !== found.dataset.decision) decision.textContent = found.dataset.decision;
  rest.querySelector(".lead")?.remove();
  dispatchEvent(new Event("resize")); // tables that scroll sideways are made reachable by keyboard
  const open = new Set((found.dataset.open || "").split(" "));
  const wrong = new Set((found.dataset.wrong || "").split(" "));
  for (const field of facts.querySelectorAll("[data-field]")) {
    field.classList.toggle("open", open.has(field.dataset.field));
    for (const control of field.querySelectorAll("input, select")) {
      if (wrong.has(field.dataset.field)) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }
}

facts.addEventListener("input", ask);
facts.addEventListener("submit", (event) => {
  const action = event.submitter?.getAttribute("formaction");
  if (!action) {
    event.preventDefault();
    ask();
    document.getElementById("answer").scrollIntoView({ block: "nearest" }); // it may stand below the form
  } else if (event.submitter.classList.contains("another")) {
    event.preventDefault();
    const rows = facts.querySelectorAll(".drug");
    const row = rows[0].cloneNode(true);
    for (const input of row.querySelectorAll("input")) input.value = "";
    rows[rows.length - 1].after(row);
    row.querySelector("input").focus();
  }
});

// A link to a field that is folded away unfolds it.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#f-"]');
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  const folded = target.closest("details");
  if (folded) folded.open = true;
  (target.matches("input, select") ? target : target.querySelector("input")).focus();
});

const sheet = document.getElementById("sheet");
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    document.body.classList.toggle("dropping", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) {
      document.getElementById("file").files = event.dataTransfer.files;
      sheet.requestSubmit();
    }
  });
}

show();
