"use strict";
(() => {
  const STEP = 100;
  const KEYS = ["q", "severity", "section", "folder", "sort"];
  const RANK = { block: 0, warn: 1, note: 2 };
  const at = (id) => document.getElementById(id);
  const form = at("filters");
  if (!form) return;

  const data = JSON.parse(at("data").textContent);
  const body = at("rows"), count = at("count"), more = at("more");
  const boxes = [...form.querySelectorAll("[name=severity]")];
  const folded = (text) => text.normalize("NFKC").toLowerCase();
  const texts = new Array(data.rows.length);
  let found = [], shown = 0;

  // Text of users becomes text of the page by textContent alone.
  const make = (tag, kind, ...inner) => {
    const made = document.createElement(tag);
    if (kind) made.className = kind;
    made.append(...inner);
    return made;
  };

  const searched = (number) => {
    if (texts[number] === undefined) {
      const [kind, path, place, before, word, after, said] = data.rows[number];
      const like = data.kinds[kind];
      texts[number] = folded([data.paths[path], place, before + word + after, data.evidence[said], like.title, like.rule,
        like.label, like.sections.join(" "), like.message, like.why, like.advice].join("\n"));
    }
    return texts[number];
  };

  const reasons = (like, said) => {
    const list = make("dl");
    if (said) list.append(make("dt", "", "手がかり"), make("dd", "", said));
    for (const [name, text] of [["理由", like.why], ["修正", like.advice], ["規則", like.rule]]) {
      if (text) list.append(make("dt", "shared", name), make("dd", "shared", text));
    }
    return list;
  };

  const row = (number) => {
    const [kind, path, place, before, word, after, said] = data.rows[number];
    const like = data.kinds[kind];
    const head = make("th", "", make("bdi", "path", data.paths[path]), " ", make("bdi", "spot", place));
    head.scope = "row";
    const told = make("details", "", make("summary", "", "理由と直し方"), reasons(like, data.evidence[said]));
    return make("tr", "",
      make("td", "", make("span", `chip ${like.severity}`, like.label)),
      head,
      make("td", "", make("p", "kind", like.title),
        make("p", "excerpt", make("bdi", "", before, make("mark", "", word), after)), told),
      make("td", "cited", like.sections.join("、")));
  };

  const show = (number) => {
    const end = Math.min(found.length, shown + number);
    const piece = document.createDocumentFragment();
    for (; shown < end; shown += 1) piece.append(row(found[shown]));
    body.append(piece);
    more.hidden = shown >= found.length;
    more.textContent = `続きを表示（残り${(found.length - shown).toLocaleString("ja")}件）`;
  };

  const wanted = () => ({
    words: folded(at("q").value).split(/\s+/).filter(Boolean),
    grades: new Set(boxes.filter((box) => box.checked).map((box) => box.value)),
    section: at("section").value, folder: at("folder").value, sort: at("sort").value,
  });

  const fits = (number, want) => {
    const [kind, path] = data.rows[number];
    const like = data.kinds[kind];
    const cited = like.sections.length ? like.sections : [""];
    return want.grades.has(like.severity)
      && (!want.section || cited.includes(want.section.slice(1)))
      && (!want.folder || data.folders[path] === want.folder.slice(1))
      && want.words.every((word) => searched(number).includes(word));
  };

  const filter = () => {
    const want = wanted();
    found = data.rows.map((_, number) => number).filter((number) => fits(number, want));
    if (want.sort) found.sort((a, b) => RANK[data.kinds[data.rows[a][0]].severity] - RANK[data.kinds[data.rows[b][0]].severity] || a - b);
    const all = data.rows.length.toLocaleString("ja"), some = found.length.toLocaleString("ja");
    count.textContent = found.length === data.rows.length ? `${all}件` : `${all}件のうち${some}件`;
    body.replaceChildren();
    shown = 0;
    show(STEP);
  };

  // The view stands in the address after #, so that it can be kept and passed on.
  const keep = () => {
    const want = wanted(), kept = new URLSearchParams();
    if (at("q").value) kept.set("q", at("q").value);
    if (want.grades.size < boxes.length) kept.set("severity", [...want.grades].join(","));
    if (want.section) kept.set("section", want.section.slice(1));
    if (want.folder) kept.set("folder", want.folder.slice(1));
    if (want.sort) kept.set("sort", want.sort);
    try {
      history.replaceState(null, "", `#${kept}`);
    } catch {
      // some viewers of saved pages have no history
    }
  };

  const pick = (id, value) => {
    const list = at(id);
    list.value = value;
    if (list.selectedIndex < 0) list.value = "";
  };

  const restore = () => {
    const kept = new URLSearchParams(location.hash.slice(1));
    const grades = kept.has("severity") ? kept.get("severity").split(",") : null;
    at("q").value = kept.get("q") ?? "";
    for (const box of boxes) box.checked = !grades || grades.includes(box.value);
    pick("section", kept.has("section") ? `=${kept.get("section")}` : "");
    pick("folder", kept.has("folder") ? `=${kept.get("folder")}` : "");
    pick("sort", kept.get("sort") ?? "");
    filter();
    return KEYS.some((key) => kept.has(key));
  };

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { filter(); keep(); }, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { filter(); keep(); at("q").focus(); }));
  more.addEventListener("click", () => {
    const first = shown;
    show(STEP);
    body.rows[first].querySelector("summary").focus();
  });
  addEventListener("hashchange", () => { if (restore()) at("findings").scrollIntoView(); });

  // On paper everything is there and open; afterwards the page is as it was.
  let opened = [], before = 0;
  addEventListener("beforeprint", () => {
    before = shown;
    show(found.length);
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const each of opened) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
    opened = [];
    while (before && body.rows.length > before) body.deleteRow(-1);
    shown = body.rows.length;
    show(0);
  });

  form.hidden = false;
  restore();
})();
