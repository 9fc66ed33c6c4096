/* The audit queue by keyboard: J and K move, S and F judge, Enter decides, Space ticks. */
(function () {
  "use strict";
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const cases = () => all("tbody[data-assignment]");
  const picked = () => document.querySelector("tbody[data-assignment].picked");

  function pick(body, focus) {
    const before = picked();
    if (before && before !== body) {
      before.classList.remove("picked");
      before.tabIndex = -1;
    }
    body.classList.add("picked");
    body.tabIndex = 0;
    if (!focus) return;
    body.focus({ preventScroll: true });
    body.scrollIntoView({ block: "nearest" });
  }

  function move(by) {
    const list = cases();
    if (!list.length) return;
    const at = list.indexOf(picked());
    pick(list[at < 0 ? 0 : Math.max(0, Math.min(list.length - 1, at + by))], true);
  }

  function judge(result) {
    const body = picked();
    const radio = body && body.querySelector(`input[name=result][value=${result}]`);
    if (!radio || radio.disabled) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function decide(body) {
    const radio = body && body.querySelector("input[name=result]");
    if (!radio || !radio.form) return;
    radio.form.requestSubmit();
  }

  function tick() {
    const body = picked();
    const box = body && body.querySelector("input[name=assignment]:not(:disabled)");
    if (box) box.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const target = event.target;
    const body = target.closest("tbody[data-assignment]");
    if (target.closest("input[type=text], input[type=search], input[type=date], input:not([type]), textarea, select")) {
      if (event.key === "Escape" && body) pick(body, true);
      return;
    }
    if (target.closest("a, button, summary") && (event.key === "Enter" || event.key === " ")) return;
    const key = event.key.toLowerCase();
    if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "s") judge("success");
    else if (key === "f") judge("failure");
    else if (key === "enter") decide(picked());
    else if (key === " " && (!target.closest("input"))) tick();
    else return;
    event.preventDefault();
  });

  ["click", "focusin"].forEach((name) => {
    document.addEventListener(name, (event) => {
      const body = event.target.closest("tbody[data-assignment]");
      if (body) pick(body, false);
    });
  });

  function begin() {
    const list = cases();
    if (list.length && !picked()) pick(list[0], false);
  }

  document.addEventListener("htmx:afterSettle", begin);
  begin();
})();
