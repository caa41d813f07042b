"use strict";
// What can be scrolled sideways can be reached by keyboard, and says what it is.
(() => {
  const reach = () => document.querySelectorAll(".scroll, .picture, pre").forEach((part) => {
    if (part.scrollWidth > part.clientWidth) {
      const name = part.querySelector("caption, title");
      part.tabIndex = 0;
      part.setAttribute("role", part.matches("figure") ? "figure" : "group");
      part.setAttribute("aria-label", name ? name.textContent : "text");
    } else {
      ["tabindex", "role", "aria-label"].forEach((each) => part.removeAttribute(each));
    }
  });
  // The chart as it is shown, with the styles the page keeps apart, as a file of its own.
  const rules = () => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule.selectorText && /^\.picture (svg \*|\.p\d+)$/.test(rule.selectorText))
    .map((rule) => rule.cssText.replace(".picture ", "")).join("\n");
  const save = (figure) => {
    const shown = [...figure.querySelectorAll("svg")].find((each) => each.getClientRects().length);
    const copy = shown.cloneNode(true);
    const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
    style.textContent = rules();
    copy.prepend(style);
    const [, , width, height] = copy.getAttribute("viewBox").split(" ");
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    file(new XMLSerializer().serializeToString(copy), "image/svg+xml", `${named(shown)}.svg`);
  };
  const named = (svg) => svg.getAttribute("aria-labelledby").replace(/^picture-|-(wide|narrow|paper)-title$/g, "");
  const file = (text, type, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const numbers = (figure) => file(
    JSON.parse(figure.querySelector("script").textContent), "text/csv", `${named(figure.querySelector("svg"))}.csv`,
  );
  document.querySelectorAll("figure.picture").forEach((figure) => {
    [["Download its numbers", numbers], ["Download this chart", save]].forEach(([text, act]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "save screen";
      button.textContent = text;
      button.setAttribute("aria-label", `${text}: ${figure.querySelector("title").textContent}`);
      button.addEventListener("click", () => act(figure));
      figure.after(button);
    });
  });
  addEventListener("resize", reach);
  document.addEventListener("toggle", reach, true);
  reach();
})();
