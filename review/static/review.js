// The page's own behaviour: the sender's sheet with its frames, and the keys. No library, no inline code.
"use strict";
(() => {
  const body = document.body, $ = (id) => document.getElementById(id);
  const NS = "http://www.w3.org/2000/svg";
  const typing = () => ["INPUT", "SELECT", "TEXTAREA"].includes(document.activeElement?.tagName) && document.activeElement.type !== "checkbox";

  // ---- keys ----
  let waiting = null; // a decision that wants its reason first
  const forget = () => { waiting = null; $("note")?.removeAttribute("aria-invalid"); if ($("hint")) $("hint").hidden = true; };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return; // the sheet of keys has its own
    if (event.key === "Escape") { document.activeElement?.blur(); forget(); return; }
    if (typing()) {
      if (event.key !== "Enter") return;
      if (document.activeElement.id === "note") { event.preventDefault(); waiting?.click(); }
      if (document.activeElement.id === "value") { event.preventDefault(); document.querySelector('[data-key="Enter"]')?.click(); }
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
  const wants = (event, what, input) => { // a decision waits for what must be written first
    event.preventDefault(); input.focus(); input.setAttribute("aria-invalid", "true");
    if ($("hint")) { $("hint").textContent = $("hint").dataset[what]; $("hint").hidden = false; }
  };
  document.addEventListener("click", (event) => {
    const act = event.target.closest("button[name=action]");
    if (!act) return;
    const boxes = document.querySelectorAll("input[name=finding][type=checkbox]");
    if (boxes.length && ![...boxes].some((box) => box.checked)) { wants(event, "none", boxes[0]); return; }
    if ("note" in act.dataset && !$("note").value.trim()) { waiting = act; wants(event, "note", $("note")); }
    if (act.value === "value" && !$("value").value.trim()) wants(event, "value", $("value"));
  });
  document.querySelector('[data-do="keys"]')?.addEventListener("click", () => $("keys").showModal());
  document.querySelector('[data-do="all"]')?.addEventListener("change", (event) => {
    for (const box of document.querySelectorAll("input[name=finding]")) box.checked = event.target.checked;
  });

  // ---- what is sent is sent once, and the page says that it is under way ----
  const sent = (form, under) => { form.toggleAttribute("data-sent", under); document.documentElement.toggleAttribute("data-busy", under); };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (document.querySelector("form[data-sent]")) event.preventDefault(); else sent(form, true);
  });
  addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-sent]")) sent(form, false); });

  // ---- a file dropped anywhere on the page is taken by its form, and never opened in its stead ----
  const drop = $("drop"), over = $("over"), files = drop?.querySelector("input[type=file]");
  const carries = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  const told = () => { // which files will be sent; too large ones are told before they are
    const picked = [...files.files], large = picked.reduce((sum, file) => sum + file.size, 0) > +drop.dataset.most, said = $("dropped");
    said.hidden = !picked.length;
    said.classList.toggle("wrong", large);
    said.textContent = large ? drop.dataset.large : picked.map((file) => file.name).join("、");
    drop.querySelector("button").disabled = large;
  };
  files?.addEventListener("change", told);
  if (files) told(); // a page that is come back to keeps what was picked
  const lift = (shown) => { if (over) over.hidden = !shown; };
  for (const kind of ["dragenter", "dragover"]) addEventListener(kind, (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = files ? "copy" : "none";
    lift(true);
  });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) lift(false); });
  addEventListener("drop", (event) => {
    lift(false);
    if (!carries(event)) return;
    event.preventDefault();
    if (!files || !event.dataTransfer.files.length) return;
    files.files = event.dataTransfer.files;
    told();
    drop.scrollIntoView({ block: "center" });
    drop.querySelector("button").focus();
  });

  // ---- the sheet ----
  const sheet = $("sheet");
  if (!sheet) return;
  const image = $("page"), frame = $("frame"), cells = $("cells"), turned = $("turned");
  const state = { places: null, page: 1, turn: 0, width: 595, height: 842, view: null };
  const size = () => state.turn % 180 ? [state.height, state.width] : [state.width, state.height];
  const kept = JSON.parse(sessionStorage.getItem(`view:${body.dataset.submission}`) || "{}"); // how the clerk turned and enlarged it
  const keep = (what) => { Object.assign(kept, what); sessionStorage.setItem(`view:${body.dataset.submission}`, JSON.stringify(kept)); };
  const draw = () => {
    const moves = { 0: "", 90: `translate(${state.height} 0) rotate(90)`, 180: `translate(${state.width} ${state.height}) rotate(180)`, 270: `translate(0 ${state.width}) rotate(270)` };
    turned.setAttribute("transform", moves[state.turn]);
    sheet.setAttribute("viewBox", (state.view || [0, 0, ...size()]).join(" "));
    $("at").textContent = `${state.page} / ${state.places.pages}`;
  };
  const middle = () => { // of the frame, as the page is turned; of what is seen where nothing is framed
    const [w, h, x0, y0] = ["width", "height", "x", "y"].map((name) => +frame.getAttribute(name));
    if (!w) { const now = sheet.viewBox.baseVal; return [now.x + now.width / 2, now.y + now.height / 2]; }
    const x = x0 + w / 2, y = y0 + h / 2;
    return { 0: [x, y], 90: [state.height - y, x], 180: [state.width - x, state.height - y], 270: [y, state.width - x] }[state.turn];
  };
  const enlarge = (times) => {
    keep({ times });
    const [w, h] = size().map((side) => side / times), [x, y] = times > 1 ? middle() : size().map((side) => side / 2);
    state.view = times === 1 ? null : [x - w / 2, y - h / 2, w, h];
  };
  const show = (number, box) => {
    const loaded = new Image();
    loaded.onload = () => {
      state.page = number; state.turn = kept[number] ?? state.places.turns[number] ?? 0;
      state.width = loaded.naturalWidth * 72 / 130; state.height = loaded.naturalHeight * 72 / 130;
      image.setAttribute("href", loaded.src);
      image.setAttribute("width", state.width); image.setAttribute("height", state.height);
      cells.replaceChildren(...Object.entries(state.places.cells).filter(([, at]) => at[0] === number).map(([name, at]) => rect(name, at)));
      cells.append(...state.places.seals.filter((seal) => seal.at[0] === number).map(ring));
      point(box);
      enlarge(kept.times || 1);
      draw();
    };
    loaded.onerror = () => closed("closed");
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
    cell?.focus({ preventScroll: true });
    mark(name);
    look(state.places.cells[name]);
    const found = [...document.querySelectorAll(`[data-found="${CSS.escape(name)}"]`)]; // the worst first
    const at = found.findIndex((one) => one.hasAttribute("aria-current"));
    if (at < 0 || found.length > 1) found[(at + 1) % found.length]?.click(); // chosen again: the next of its findings
  };
  const look = (at) => { if (!state.places.file) return; if (!at) { point(null); return; } at[0] === state.page && image.getAttribute("href") ? (point(at), enlarge(kept.times || 1), draw()) : show(at[0], at); };
  for (const cell of document.querySelectorAll("[data-cell]")) cell.addEventListener("click", () => state.places && choose(cell.dataset.cell));
  // ---- the Word file as it was typed ----
  const word = $("word"), tab = (name) => {
    keep({ tab: name });
    const typed = name === "word" && word;
    sheet.classList.toggle("gone", Boolean(typed) || !state.places.file); if (word) word.hidden = !typed;
    for (const one of ["pdf", "word"]) document.querySelector(`[data-do="${one}"]`)?.setAttribute("aria-pressed", String((one === "word") === Boolean(typed)));
    $("nopage").hidden = Boolean(state.places.file);
    if (typed) mark(aim);
  };
  const mark = (name) => {
    for (const cell of document.querySelectorAll("#word .framed")) cell.classList.remove("framed");
    const cell = name && document.querySelector(`#word [data-holds~="${CSS.escape(name)}"]`);
    cell?.classList.add("framed"); if (word && !word.hidden) cell?.scrollIntoView({ block: "center", inline: "nearest" });
  };
  const aim = $("card")?.dataset.at;
  for (const cell of document.querySelectorAll("#word [data-holds]")) cell.addEventListener("click", () => state.places && choose(cell.dataset.holds.split(" ")[0]));
  const closed = (why) => { // no page to show: the words say why, the Word file stands in its place
    state.places.file = null;
    $("nopage").textContent = $("nopage").dataset[why];
    document.querySelector('[data-do="pdf"]')?.setAttribute("disabled", "");
    tab("word");
    sheet.dataset.ready = "1";
  };
  const zoom = (by) => {
    if (word && !word.hidden) { word.style.fontSize = `${(parseFloat(word.style.fontSize) || 1) * (by > 1 ? 1.2 : 1 / 1.2)}em`; return; }
    enlarge(Math.max(1, (kept.times || 1) * by)); draw();
  };
  const does = {
    "page-": () => state.page > 1 && show(state.page - 1), "page+": () => state.page < state.places.pages && show(state.page + 1),
    "zoom+": () => zoom(1.5), "zoom-": () => zoom(1 / 1.5), whole: () => { enlarge(1); draw(); },
    turn: () => { state.turn = (state.turn + 90) % 360; keep({ [state.page]: state.turn }); enlarge(1); draw(); },
    pdf: () => tab("pdf"), word: () => tab("word"),
  };
  for (const [name, act] of Object.entries(does)) document.querySelector(`[data-do="${name}"]`)?.addEventListener("click", () => state.places && (state.places.file || name.startsWith("zoom")) && act());
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
    if (!places.file) { closed(places.came ? "closed" : "none"); return; }
    tab(kept.tab || "pdf");
    const at = places.findings[body.dataset.finding];
    show(at ? at[0] : 1, at);
    sheet.dataset.ready = "1";
  });
})();
