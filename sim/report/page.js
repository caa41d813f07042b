"use strict";
// Paper cannot be unfolded or scrolled: everything is open while the page is printed. On a screen, what can be
// scrolled sideways can be reached by keyboard, and says what it is.
(() => {
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((part) => { part.open = false; }));

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
  addEventListener("resize", reach);
  document.addEventListener("toggle", reach, true);
  reach();
})();
