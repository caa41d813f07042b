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
    grid.axes.slice(-2).forEach((axis, k) => {
      const rate = axis.labels[choice[grid.axes.length - 2 + k]];
      form.elements[axis.name].setAttribute("aria-valuetext", rate);
      document.getElementById(`${axis.name}-shown`).textContent = rate;
    });
    return choice;
  };

  // The choice stands in the address, so that a page can be sent as it is: #explore?levels=1&approval=7
  const START = "#explore?";
  const remember = () => {
    const choice = show();
    const other = grid.axes.flatMap((axis, k) => (choice[k] === axis.own ? [] : [`${axis.name}=${choice[k]}`]));
    history.replaceState(null, "", other.length ? START + other.join("&") : "#explore");
  };
  const recall = () => {
    if (!location.hash.startsWith(START)) return;
    form.reset();
    new URLSearchParams(location.hash.slice(START.length)).forEach((value, name) => {
      const axis = grid.axes.find((each) => each.name === name);
      if (axis && form.elements[name] && axis.labels[Number(value)] !== undefined) form.elements[name].value = value;
    });
    show();
  };

  const save = () => {
    const choice = chosen();
    const lines = grid.axes.map((axis, k) => [axis.name, axis.labels[choice[k]], ""]);
    cell(choice).forEach(([, amount, band], k) => lines.push([grid.quantities[k], amount, band]));
    const text = lines.map((line) => line.map((part) => `"${part.replaceAll('"', '""')}"`).join(",")).join("\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/csv" }));
    link.download = "choice.csv";
    link.click();
    URL.revokeObjectURL(link.href);
  };

  form.addEventListener("input", remember);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("back").addEventListener("click", () => { form.reset(); remember(); });
  document.getElementById("copy").addEventListener("click", () => navigator.clipboard.writeText(answer.textContent));
  document.getElementById("save").addEventListener("click", save);
  window.addEventListener("hashchange", recall);
  form.reset();
  form.hidden = false;
  recall();
})();
