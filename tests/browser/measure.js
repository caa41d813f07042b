// Contrast (WCAG 2.2) of every visible piece of text against what lies behind it.
() => {
  const rgba = (text) => {
    const parts = text.match(/[\d.]+/g);
    return parts ? parts.map(Number).concat(parts.length === 3 ? [1] : []) : [0, 0, 0, 0];
  };
  const luminance = ([r, g, b]) => [r, g, b]
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, k) => sum + part * [0.2126, 0.7152, 0.0722][k], 0);
  const over = (top, below) => top.slice(0, 3).map((part, k) => part * top[3] + below[k] * (1 - top[3]));
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const layer = rgba(getComputedStyle(at).backgroundColor);
      layers.push(layer);
      if (layer[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  // In a drawing, the shapes under the middle of the text that were drawn before it, topmost last.
  const under = (text) => {
    const svg = text.ownerSVGElement;
    const box = text.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    let color = behind(svg);
    for (const shape of svg.querySelectorAll("path, rect, text")) {
      if (shape === text) return color;
      if (shape.tagName === "text" || shape.closest("defs, clipPath")) continue;
      const style = getComputedStyle(shape);
      if (style.fill === "none" || style.fill.startsWith("url")) continue;
      const point = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse());
      if (!shape.isPointInFill(point)) continue;
      const fill = rgba(style.fill);
      fill[3] *= Number(style.opacity) * Number(style.fillOpacity);
      color = over(fill, color);
    }
    return color;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const words = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!words || ["SCRIPT", "STYLE", "title", "desc"].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (style.visibility === "hidden" || !box.width || !box.height) continue;
    const drawn = element.ownerSVGElement;
    const back = drawn ? under(element) : behind(element);
    const front = over(rgba(drawn ? style.fill : style.color), back);
    const [low, high] = [luminance(front), luminance(back)].sort((one, two) => one - two);
    found.push({ words, drawn: Boolean(drawn), contrast: (high + 0.05) / (low + 0.05) });
  }
  return found;
}
