/* A list of records: choosing a row, its menu, the buttons above, the drawer beside. */
(function () {
  "use strict";
  const WIDE = 1200;
  const HELD = 550;
  const $ = (selector, within) => (within || document).querySelector(selector);
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const menu = $("#row-menu");
  let opener = null;
  let menuRow = null;

  const ROW = "table[data-rows] tr[data-number]";
  const rows = () => all(ROW);
  const chosen = () => $("table[data-rows] tr[aria-selected=true]");

  function mark(row, on) {
    if (on) row.setAttribute("aria-selected", "true");
    else row.removeAttribute("aria-selected");
    row.tabIndex = on ? 0 : -1;
    const box = $("[data-pick]", row);
    if (box) box.checked = on;
  }

  function choose(row, focus) {
    const before = chosen();
    if (before && before !== row) mark(before, false);
    if (row) mark(row, true);
    if (row && focus) {
      row.focus({ preventScroll: true });
      row.scrollIntoView({ block: "nearest" });
    }
    tell();
  }

  const refusal = (row, action) => row.getAttribute("data-refuse-" + action) || "";
  const pathOf = (item, row) => item.dataset.path.replace("NUMBER", row.dataset.number);

  /* the buttons above the table */
  function tell() {
    const row = chosen();
    all("[data-row-action]").forEach((button) => {
      const why = row ? refusal(row, button.dataset.rowAction) : button.dataset.none || "";
      const off = !row || why !== "";
      button.setAttribute("aria-disabled", off);
      button.classList.toggle("disabled", off);
      button.title = off ? why : "";
    });
    all("[data-picked]").forEach((place) => {
      place.textContent = row ? place.dataset.text.replace("{name}", row.dataset.name || row.dataset.number) : "";
    });
  }

  function act(row, action) {
    if (!row || refusal(row, action)) return;
    if (action === "edit" && row.dataset.editHref) {
      location.assign(row.dataset.editHref);
      return;
    }
    const item = menu && $(`[data-action="${action}"]`, menu);
    if (item) location.assign(pathOf(item, row));
  }

  /* the menu */
  const items = () => all("[role=menuitem]", menu);

  function openMenu(row, x, y, from) {
    if (!menu) return;
    choose(row);
    menuRow = row;
    opener = from || row;
    items().forEach((item) => {
      const why = refusal(row, item.dataset.action);
      item.setAttribute("aria-disabled", why !== "");
      const reason = $(".reason", item);
      if (reason) reason.textContent = why;
      if (why) item.removeAttribute("href");
      else item.href = pathOf(item, row);
      item.tabIndex = -1;
    });
    menu.hidden = false;
    menu.style.left = Math.max(4, Math.min(x, innerWidth - menu.offsetWidth - 4)) + "px";
    menu.style.top = Math.max(4, Math.min(y, innerHeight - menu.offsetHeight - 4)) + "px";
    items()[0].focus();
  }

  function closeMenu(back) {
    if (!menu || menu.hidden) return;
    menu.hidden = true;
    if (back && opener) opener.focus();
    menuRow = null;
  }

  function menuKey(event) {
    if (!menu || menu.hidden) return;
    const list = items();
    const at = list.indexOf(document.activeElement);
    const digit = "123456789".indexOf(event.key);
    if (event.key === "Escape" || event.key === "Tab") closeMenu(true);
    else if (event.key === "ArrowDown") list[(at + 1) % list.length].focus();
    else if (event.key === "ArrowUp") list[(at - 1 + list.length) % list.length].focus();
    else if (event.key === "Home") list[0].focus();
    else if (event.key === "End") list[list.length - 1].focus();
    else if (event.key === "Enter" || event.key === " ") act(menuRow, document.activeElement.dataset.action);
    else if (digit >= 0 && digit < list.length) act(menuRow, list[digit].dataset.action);
    else return;
    if (event.key === "Tab") return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /* the drawer */
  const listAddress = () => history.state && history.state.list;

  async function fetchDrawer(address) {
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true", "HX-Target": "drawer" } });
      if (!answer.ok || answer.redirected) return null;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      return page.getElementById("drawer");
    } catch (unreachable) {
      return null;
    }
  }

  async function openDrawer(address, step) {
    const fresh = await fetchDrawer(address);
    if (!fresh) {
      location.assign(address);
      return;
    }
    all("#drawer").forEach((old) => old.remove());
    fresh.classList.add("drawer");
    fresh.tabIndex = -1;
    $("#main").append(fresh);
    if (window.htmx) window.htmx.process(fresh);
    const state = { drawer: address, list: listAddress() || location.href };
    if (step) history.replaceState(state, "", address);
    else history.pushState(state, "", address);
    if (!step) fresh.focus();
  }

  function dropDrawer() {
    $("#drawer.drawer").remove();
    const row = chosen();
    if (row) row.focus({ preventScroll: true });
  }

  function closeDrawer() {
    if (!$("#drawer.drawer")) return;
    if (listAddress()) history.back();
    else dropDrawer();
  }

  window.addEventListener("popstate", (event) => {
    if (!$("#drawer.drawer")) {
      if (event.state && event.state.drawer) location.reload();
      return;
    }
    event.stopImmediatePropagation();
    dropDrawer();
  });

  function open(row) {
    if (!row) return;
    if (innerWidth >= WIDE && $("[data-open]", row)) openDrawer(row.dataset.href, Boolean($("#drawer.drawer")));
    else location.assign(row.dataset.href);
  }

  function step(by) {
    const list = rows();
    const at = list.indexOf(chosen());
    const next = list[at < 0 ? 0 : at + by];
    if (!next) return;
    choose(next, true);
    if ($("#drawer.drawer")) open(next);
  }

  /* what the mouse does */
  document.addEventListener("click", (event) => {
    const target = event.target;
    if (menu && menu.contains(target)) {
      const item = target.closest("[role=menuitem]");
      if (item && item.getAttribute("aria-disabled") === "true") event.preventDefault();
      return;
    }
    closeMenu(false);
    const button = target.closest("[data-row-action]");
    if (button) {
      act(chosen(), button.dataset.rowAction);
      return;
    }
    if (target.closest("[data-drawer-close]")) {
      event.preventDefault();
      closeDrawer();
      return;
    }
    const walk = target.closest("[data-drawer-step]");
    if (walk) {
      step(Number(walk.dataset.drawerStep));
      return;
    }
    const row = target.closest(ROW);
    if (!row) return;
    const dots = target.closest("[data-menu]");
    if (dots) {
      const box = dots.getBoundingClientRect();
      openMenu(row, box.right - 224, box.bottom, dots);
      return;
    }
    if (target.matches("[data-pick]")) {
      choose(target.checked ? row : null);
      return;
    }
    const link = target.closest("[data-open]");
    if (link && innerWidth >= WIDE && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      choose(row);
      open(row);
    } else if (!target.closest("a, button, input, select, label")) {
      choose(row, true);
    }
  });

  document.addEventListener("dblclick", (event) => {
    const row = event.target.closest(ROW);
    if (row && !event.target.closest("a, button, input")) act(row, "edit");
  });

  document.addEventListener("contextmenu", (event) => {
    const row = event.target.closest(ROW);
    if (!row || !menu) return;
    event.preventDefault();
    openMenu(row, event.clientX, event.clientY);
  });

  let press = 0;
  let held = false;
  document.addEventListener(
    "touchstart",
    (event) => {
      const row = event.target.closest(ROW);
      if (!row || !menu) return;
      const { clientX, clientY } = event.touches[0];
      held = false;
      press = setTimeout(() => {
        held = true;
        openMenu(row, clientX, clientY);
      }, HELD);
    },
    { passive: true },
  );
  ["touchmove", "touchcancel"].forEach((name) => {
    document.addEventListener(name, () => clearTimeout(press), { passive: true });
  });
  /* lifting the finger that opened the menu is no tap on what lies under it */
  document.addEventListener(
    "touchend",
    (event) => {
      clearTimeout(press);
      if (held && event.cancelable) event.preventDefault();
      held = false;
    },
    { passive: false },
  );

  /* what the keys do */
  /* caught before Bootstrap's own dropdown, which looks for a toggle that this menu has not */
  window.addEventListener("keydown", menuKey, true);

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (!$("dialog[open]")) closeDrawer();
      return;
    }
    if (event.target.closest("input:not([data-pick]), textarea, select, button, a, dialog")) return;
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Enter") open(chosen());
    else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
      const row = chosen();
      if (!row) return;
      const box = row.getBoundingClientRect();
      openMenu(row, box.left + 96, box.bottom);
    } else return;
    event.preventDefault();
  });

  function begin() {
    const list = rows();
    if (list.length && !chosen()) list[0].tabIndex = 0;
    tell();
  }

  document.addEventListener("htmx:afterSettle", begin);
  begin();
})();
