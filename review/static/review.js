// The page's own behaviour: the sender's sheet with its frames, and the keys. No library, no inline code.
"use strict";
(() => {
  const body = document.body, $ = (id) => document.getElementById(id);
  const NS = "http://www.w3.org/2000/svg";
  const typing = () => ["INPUT", "SELECT", "TEXTAREA"].includes(document.activeElement?.tagName) && document.activeElement.type !== "checkbox";

  // ---- keys ----
  let waiting = null; // a decision that wants its reason first
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { document.activeElement?.blur(); waiting = null; return; }
    if (typing()) {
      if (event.key === "Enter" && document.activeElement.id === "note" && waiting) { event.preventDefault(); waiting.click(); }
      if (event.key === "Enter" && document.activeElement.id === "value") { event.preventDefault(); document.querySelector('[data-key="Enter"]')?.click(); }
      return;
    }
    const key = event.key.toLowerCase();
    if (key === "?") { $("keys")?.showModal(); event.preventDefault(); return; }
    if (key === "e" && $("value")) { event.preventDefault(); $("value").focus(); return; }
    const tool = { "+": "zoom+", "=": "zoom+", "-": "zoom-", t: "turn" }[key];
    if (tool) { document.querySelector(`[data-do="${tool}"]`)?.click(); return; }
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!target || target.disabled) return;
    event.preventDefault();
    target.click();
  });
  document.documentElement.dataset.ready = "keys";
  document.addEventListener("click", (event) => {
    const act = event.target.closest("[data-note]");
    if (act && $("note") && !$("note").value.trim()) { event.preventDefault(); waiting = act; $("note").focus(); $("note").required = true; }
  });
  document.querySelector('[data-do="keys"]')?.addEventListener("click", () => $("keys").showModal());

  // ---- a file dropped on the page ----
  const drop = $("drop");
  if (drop) {
    for (const kind of ["dragover", "dragleave", "drop"]) drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop") drop.querySelector("input[type=file]").files = event.dataTransfer.files;
    });
  }

  // ---- the sheet ----
  const sheet = $("sheet");
  if (!sheet) return;
  const image = $("page"), frame = $("frame"), cells = $("cells"), turned = $("turned");
  const state = { places: null, page: 1, turn: 0, width: 595, height: 842, view: null };
  const draw = () => {
    const lying = state.turn % 180 !== 0;
    const [w, h] = lying ? [state.height, state.width] : [state.width, state.height];
    const moves = { 0: "", 90: `translate(${state.height} 0) rotate(90)`, 180: `translate(${state.width} ${state.height}) rotate(180)`, 270: `translate(0 ${state.width}) rotate(270)` };
    turned.setAttribute("transform", moves[state.turn]);
    const view = state.view || [0, 0, w, h];
    sheet.setAttribute("viewBox", view.join(" "));
    $("at").textContent = `${state.page} / ${state.places.pages}`;
  };
  const show = (number, box) => {
    const loaded = new Image();
    loaded.onload = () => {
      state.page = number;
      state.width = loaded.naturalWidth * 72 / 130; state.height = loaded.naturalHeight * 72 / 130;
      image.setAttribute("href", loaded.src);
      image.setAttribute("width", state.width); image.setAttribute("height", state.height);
      cells.replaceChildren(...Object.entries(state.places.cells).filter(([, at]) => at[0] === number).map(([name, at]) => rect(name, at)));
      cells.append(...state.places.seals.filter((seal) => seal.at[0] === number).map(ring));
      point(box);
      draw();
    };
    loaded.src = `/page/${state.places.file}/${number}.png`;
  };
  const rect = (name, at) => {
    const made = document.createElementNS(NS, "rect");
    made.setAttribute("class", "hit");
    place(made, at);
    made.addEventListener("click", () => choose(name));
    return made;
  };
  const ring = (seal) => {
    const made = document.createElementNS(NS, "rect"), title = document.createElementNS(NS, "title");
    made.setAttribute("class", "seal");
    place(made, seal.at);
    title.textContent = seal.name;
    made.append(title);
    return made;
  };
  const place = (node, [, x0, y0, x1, y1]) => {
    node.setAttribute("x", x0); node.setAttribute("y", y0);
    node.setAttribute("width", x1 - x0); node.setAttribute("height", y1 - y0);
  };
  const point = (at) => {
    if (!at) { frame.setAttribute("width", 0); return; }
    place(frame, at);
    frame.dataset.page = at[0];
  };
  const choose = (name) => {
    const cell = document.querySelector(`[data-cell="${CSS.escape(name)}"]`);
    cell?.scrollIntoView({ block: "nearest" }); cell?.focus();
    look(state.places.cells[name]);
    const [row, field] = name.split("/");
    const found = Object.entries(state.places.findings).find(([, at]) => at.join() === (state.places.cells[name] || []).join());
    if (found && found[0] !== body.dataset.finding) location.search = `?finding=${found[0]}`;
  };
  const look = (at) => { if (!at) { point(null); return; } at[0] === state.page && image.getAttribute("href") ? (point(at), draw()) : show(at[0], at); };
  for (const cell of document.querySelectorAll("[data-cell]")) cell.addEventListener("click", () => state.places?.file && choose(cell.dataset.cell));
  const zoom = (by) => {
    const now = sheet.viewBox.baseVal, w = now.width / by, h = now.height / by;
    const at = +frame.getAttribute("width") && state.turn === 0 ? [+frame.getAttribute("x") + frame.getAttribute("width") / 2, +frame.getAttribute("y") + frame.getAttribute("height") / 2] : [now.x + now.width / 2, now.y + now.height / 2];
    state.view = [at[0] - w / 2, at[1] - h / 2, w, h]; draw();
  };
  const does = {
    "page-": () => state.page > 1 && show(state.page - 1), "page+": () => state.page < state.places.pages && show(state.page + 1),
    "zoom+": () => zoom(1.5), "zoom-": () => zoom(1 / 1.5), whole: () => { state.view = null; draw(); },
    turn: () => { state.turn = (state.turn + 90) % 360; state.view = null; draw(); },
  };
  for (const [name, act] of Object.entries(does)) document.querySelector(`[data-do="${name}"]`)?.addEventListener("click", () => state.places?.file && act());
  let held = null;
  sheet.addEventListener("pointerdown", (event) => { held = [event.clientX, event.clientY, [...(state.view || [sheet.viewBox.baseVal.x, sheet.viewBox.baseVal.y, sheet.viewBox.baseVal.width, sheet.viewBox.baseVal.height])]]; });
  addEventListener("pointerup", () => { held = null; });
  sheet.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [x, y, view] = held, scale = Math.max(view[2] / sheet.clientWidth, view[3] / sheet.clientHeight);
    state.view = [view[0] - (event.clientX - x) * scale, view[1] - (event.clientY - y) * scale, view[2], view[3]]; draw();
  });
  fetch(`/submission/${body.dataset.submission}/places`).then((answer) => answer.json()).then((places) => {
    state.places = places;
    if (!places.file) { sheet.setAttribute("hidden", ""); sheet.style.display = "none"; $("nopage").hidden = false; return; }
    const at = places.findings[body.dataset.finding];
    show(at ? at[0] : 1, at);
    sheet.dataset.ready = "1";
  });
})();
