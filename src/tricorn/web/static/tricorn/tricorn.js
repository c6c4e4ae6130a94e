/* Makes pages quicker and kinder; every page works without it. No data leaves the page. */
(() => {
  "use strict";
  const root = document.documentElement;
  const recall = (name) => {
    try { return localStorage.getItem("tricorn-" + name) || ""; } catch { return ""; }
  };
  const keep = (name, value) => {
    try {
      if (value) localStorage.setItem("tricorn-" + name, value);
      else localStorage.removeItem("tricorn-" + name);
    } catch { /* a browser that keeps nothing still shows the page */ }
  };

  /* Choices of this browser: theme (light, dark, or as the system), rows (dense or roomy), keys (on or off). */
  const apply = (name, value) => {
    if (value) root.dataset[name] = value;
    else delete root.dataset[name];
  };
  ["theme", "rows", "keys"].forEach((name) => apply(name, recall(name)));

  const offerChoices = () => {
    document.querySelectorAll("[data-choice]").forEach((select) => {
      select.value = recall(select.dataset.choice);
      select.closest("[hidden]")?.removeAttribute("hidden");
    });
  };
  document.addEventListener("change", (event) => {
    const name = event.target.dataset?.choice;
    if (!name) return;
    keep(name, event.target.value);
    apply(name, event.target.value);
  });

  /* Textareas grow with what is written. */
  const grow = (box) => {
    box.style.blockSize = "auto";
    box.style.blockSize = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea") && event.target.value.length < 20000) grow(event.target);
  });

  /* <button data-copy="#id" data-copied="Copied"> copies what the input #id holds, and says so. */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.querySelector(button.dataset.copy);
    source.select?.();
    const text = source.value ?? source.textContent;
    try { await navigator.clipboard.writeText(text); } catch { document.execCommand("copy"); }
    const label = button.querySelector("[data-label]") ?? button;
    label.textContent = button.dataset.copied;
  });

  /* <a data-insert="#box" data-text="..."> puts the text where one writes; data-from fetches it. */
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-insert]");
    const box = link && document.querySelector(link.dataset.insert);
    if (!box) return;
    event.preventDefault();
    let text = link.dataset.text;
    if (!text) {
      const answer = await fetch(link.dataset.from).catch(() => null);
      if (!answer?.ok) return failed("answer-missing");
      text = await answer.text();
    }
    box.value = box.value.trim() ? `${box.value.trimEnd()}\n\n${text}` : text;
    grow(box);
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });

  /* <button data-opens="#dialog">; closing is the dialog's own form method="dialog". */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.querySelector(opener.dataset.opens)?.showModal();
  });

  /* Keys, where a page offers the dialog #keys: j k o x walk through [data-row], ? lists the keys,
     and any [data-key="r"] is pressed (or entered, if one can write in it) by its key. */
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const walk = (step) => {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.hasAttribute("data-here"));
    const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
    all.forEach((row) => row.removeAttribute("data-here"));
    next.setAttribute("data-here", "");
    next.querySelector("a")?.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const press = (target) => {
    target.scrollIntoView({ block: "nearest" });
    if (target.matches("input, textarea, select")) target.focus();
    else target.click();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches("input, textarea")) event.target.blur();
    const help = document.getElementById("keys");
    const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (!help || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (root.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (event.key === "?") help.showModal();
    else if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    else if (event.key === "x") document.querySelector("[data-row][data-here] input[type=checkbox]")?.click();
    else if (event.key === "o") document.querySelector("[data-row][data-here] a")?.click();
    else if (target) press(target);
    else return;
    event.preventDefault();
  });

  /* Wide lists become cards on phones; the roles keep them tables for who listens. */
  const nameRows = () => {
    const roles = { table: "table", tr: "row", td: "cell", th: "columnheader", thead: "rowgroup", tbody: "rowgroup" };
    document.querySelectorAll(".queue").forEach((table) => {
      [table, ...table.querySelectorAll("tr, td, th, thead, tbody")].forEach((part) => {
        part.setAttribute("role", roles[part.localName]);
      });
    });
  };

  /* When an answer fails, say so and keep what was typed. */
  const failed = (id) => {
    const words = document.getElementById(id);
    const place = document.getElementById("messages");
    if (words && place) place.replaceChildren(words.content.cloneNode(true));
    place?.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:responseError", () => failed("answer-failed"));
  document.addEventListener("htmx:sendError", () => failed("answer-missing"));

  /* When the part with the focus is swapped, the focus stays there: on the same control, or on the
     part itself. htmx keeps it only where a control has an id. */
  const CONTROLS = "a[href], button, input, select, textarea, summary";
  const alike = (one) => `${one.localName} ${one.name ?? ""} ${one.type === "submit" ? one.value : ""} ${one.getAttribute("aria-label") ?? one.textContent.trim()}`;
  let left = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const here = document.activeElement, part = event.detail.target;
    if (part.contains(here) && here !== document.body) left = { part: part.id, what: alike(here) };
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const active = document.activeElement;
    if (!left || (active && active !== document.body)) return;
    const part = document.getElementById(left.part) ?? event.target;
    const same = [...part.querySelectorAll(CONTROLS)].find((each) => alike(each) === left.what && !each.disabled);
    if (!same) part.tabIndex = -1;
    (same ?? part).focus({ preventScroll: true });
    left = null;
  });

  const ready = () => {
    offerChoices();
    nameRows();
    document.querySelectorAll("textarea").forEach((box) => box.value && grow(box));
  };
  const showWhereOneIs = () => {
    document.querySelectorAll("nav [aria-current], .demo [aria-current]").forEach((here) => {
      here.scrollIntoView({ inline: "center", block: "nearest", behavior: "instant" });
    });
  };
  document.addEventListener("DOMContentLoaded", () => { ready(); showWhereOneIs(); });
  document.addEventListener("htmx:afterSwap", ready);
})();
