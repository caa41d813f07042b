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
  addEventListener("resize", reach);
  document.addEventListener("toggle", reach, true);
  reach();
})();
