"use strict";
// Looks numbers up in the grid the library wrote into the page, and puts them into words. Nothing is computed.
(() => {
  const grid = JSON.parse(document.getElementById("grid").textContent);
  const form = document.getElementById("controls");
  const answer = document.getElementById("answer");

  const chosen = () => grid.axes.map((axis) => {
    const control = form.elements[axis.name];
    return control ? Number(control.value) : axis.own;
  });

  const cell = (choice) => grid.cells[
    choice.reduce((place, number, k) => place * grid.axes[k].labels.length + number, 0)
  ];

  const show = () => {
    const choice = chosen();
    const words = {};
    grid.axes.forEach((axis, k) => { words[axis.name] = axis.told[choice[k]]; });
    cell(choice).forEach(([bare, amount, band], k) => {
      const name = grid.quantities[k];
      words[name] = band ? `${bare} (${band})` : bare;
      document.getElementById(`value-${name}`).textContent = amount;
      document.getElementById(`band-${name}`).textContent = band;
    });
    answer.textContent = grid.sentence.replace(/\{(\w+)\}/g, (_, name) => words[name]);
    const last = grid.axes.length - 1;
    const rate = grid.axes[last].labels[choice[last]];
    form.elements.approval.setAttribute("aria-valuetext", rate);
    document.getElementById("approval-shown").textContent = rate;
  };

  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("back").addEventListener("click", () => { form.reset(); show(); });
  form.reset();
  form.hidden = false;
})();
