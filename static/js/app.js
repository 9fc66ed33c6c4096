/* What every page does with a little script: theme, navigation, search, toasts, asking first, submitting once. */
(function () {
  "use strict";
  const root = document.documentElement;
  const $ = (selector, within) => (within || document).querySelector(selector);
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));

  function keep(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch (refused) {
      /* storage is off: forgotten with the page */
    }
  }

  function frame() {
    const theme = $("#theme");
    if (theme) {
      theme.hidden = false;
      theme.addEventListener("click", () => {
        root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
        keep("theme", root.dataset.bsTheme);
      });
    }
    const fold = $("#fold");
    if (fold) {
      fold.hidden = false;
      fold.setAttribute("aria-pressed", root.classList.contains("folded"));
      fold.addEventListener("click", () => {
        const folded = root.classList.toggle("folded");
        fold.setAttribute("aria-pressed", folded);
        keep(root.dataset.nav, folded ? "folded" : "open");
      });
    }
    document.addEventListener("click", (event) => {
      document.querySelectorAll("details.menu[open]").forEach((menu) => {
        if (!menu.contains(event.target)) menu.open = false;
      });
    });
    /* caught before Bootstrap's own dropdown, which looks for a toggle that these menus have not */
    const keys = (event) => {
      const menu = event.target.closest && event.target.closest("details.menu");
      if (!menu || !["Escape", "ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.stopPropagation();
      if (event.key !== "Escape") return;
      menu.open = false;
      $("summary", menu).focus();
    };
    window.addEventListener("keydown", keys, true);
    const clock = $("#server-time");
    if (clock) {
      const shown = clock.textContent.split(" ");
      const [hours, minutes, seconds] = shown[1].split(":").map(Number);
      const began = performance.now();
      const first = (hours * 60 + minutes) * 60 + seconds;
      setInterval(() => {
        const at = first + Math.floor((performance.now() - began) / 1000);
        if (at >= 86400) return;
        const parts = [Math.floor(at / 3600), Math.floor(at / 60) % 60, at % 60];
        clock.textContent = shown[0] + " " + parts.map((part) => String(part).padStart(2, "0")).join(":");
      }, 1000);
    }
    all("[data-fold]").forEach((part) => {
      part.hidden = true;
    });
    all("[data-reveal]").forEach((button) => {
      button.hidden = false;
    });
  }

  function typing(target) {
    return target.closest("input, textarea, select, [contenteditable]");
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const find = $("#find");
    if (!find || !find.offsetParent) return;
    event.preventDefault();
    find.focus();
    find.select();
  });

  /* toasts */
  const STAYS = 6000;

  function arm(toast) {
    const close = $(".toast-close", toast);
    close.hidden = false;
    close.addEventListener("click", () => toast.remove());
    if (toast.dataset.tone === "error") return;
    let timer = 0;
    const start = () => {
      clearTimeout(timer);
      timer = setTimeout(() => toast.remove(), STAYS);
    };
    const stop = () => clearTimeout(timer);
    toast.addEventListener("mouseenter", stop);
    toast.addEventListener("focusin", stop);
    toast.addEventListener("mouseleave", start);
    toast.addEventListener("focusout", start);
    start();
  }

  document.addEventListener("toast", (event) => {
    const { text, tone } = event.detail;
    const toast = document.createElement("div");
    toast.className = "toast show";
    toast.setAttribute("role", tone === "error" ? "alert" : "status");
    toast.dataset.tone = tone || "info";
    const words = document.createElement("span");
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "toast-close";
    close.setAttribute("aria-label", $("#toasts").dataset.closeWord);
    close.textContent = "×";
    const body = document.createElement("div");
    body.className = "toast-body hstack gap-2";
    body.append(words, close);
    toast.append(body);
    $("#toasts").append(toast);
    arm(toast);
  });

  /* asking first */
  const agreed = new WeakSet();

  function ask(source, then) {
    const dialog = $("#confirm");
    if (!dialog || !dialog.showModal) {
      if (confirm(source.dataset.confirm)) then();
      return;
    }
    const yes = $("[data-yes]", dialog);
    yes.dataset.words = yes.dataset.words || yes.textContent;
    yes.textContent = source.dataset.confirmYes || yes.dataset.words;
    $("#confirm-what").textContent = source.dataset.confirm;
    dialog.returnValue = "";
    dialog.onclose = () => {
      if (dialog.returnValue === "yes") then();
    };
    dialog.showModal();
    $("[data-no]", dialog).focus();
  }

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const button = event.submitter;
      const source = button && button.dataset.confirm ? button : form;
      if (!source.dataset || !source.dataset.confirm) return;
      if (agreed.has(form)) {
        agreed.delete(form);
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(source, () => {
        agreed.add(form);
        form.requestSubmit ? form.requestSubmit(button) : form.submit();
      });
    },
    true,
  );

  /* submitting once */
  const buttons = (form) => Array.from(form.elements).filter((control) => control.type === "submit");

  function free(form) {
    form.removeAttribute("aria-busy");
    buttons(form).forEach((button) => {
      if (button.dataset.busy) {
        button.disabled = false;
        delete button.dataset.busy;
      }
    });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented && !form.hasAttribute("hx-post")) return;
    if (form.method !== "post" || "many" in form.dataset) return;
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
    setTimeout(() => {
      buttons(form).forEach((button) => {
        if (button.disabled) return;
        button.disabled = true;
        button.dataset.busy = "1";
      });
    });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest && event.target.closest("form");
    if (form) free(form);
  });
  window.addEventListener("pageshow", () => all("form[aria-busy]").forEach(free));

  /* small switches */
  document.addEventListener("click", (event) => {
    const reveal = event.target.closest("[data-reveal]");
    if (reveal) {
      const field = document.getElementById(reveal.dataset.reveal);
      field.type = field.type === "password" ? "text" : "password";
      reveal.setAttribute("aria-pressed", field.type === "text");
    }
    const toggle = event.target.closest("[data-toggle]");
    if (toggle) {
      const part = $(toggle.dataset.toggle);
      part.hidden = !part.hidden;
      toggle.setAttribute("aria-expanded", !part.hidden);
    }
  });

  function count(name) {
    const boxes = all(`input[type=checkbox][name="${name}"]`);
    const ticked = boxes.filter((box) => box.checked).length;
    all(`[data-all="${name}"]`).forEach((box) => {
      box.checked = ticked > 0 && ticked === boxes.length;
      box.indeterminate = ticked > 0 && ticked < boxes.length;
    });
    all(`[data-bulk="${name}"]`).forEach((bar) => {
      bar.hidden = ticked === 0;
      all("[data-bulk-count]", bar).forEach((place) => {
        place.textContent = ticked;
      });
    });
  }

  document.addEventListener("change", (event) => {
    const control = event.target;
    if (control.dataset.all) {
      all(`input[type=checkbox][name="${control.dataset.all}"]:not(:disabled)`).forEach((box) => {
        box.checked = control.checked;
      });
      count(control.dataset.all);
    } else if (control.type === "checkbox" && control.name && $(`[data-bulk="${control.name}"]`)) {
      count(control.name);
    }
  });

  document.addEventListener("click", (event) => {
    const none = event.target.closest("[data-untick]");
    if (!none) return;
    all(`input[type=checkbox][name="${none.dataset.untick}"]`).forEach((box) => {
      box.checked = false;
    });
    count(none.dataset.untick);
  });

  frame();
  all(".toast", $("#toasts")).forEach(arm);
  all("[data-bulk]").forEach((bar) => count(bar.dataset.bulk));
})();
