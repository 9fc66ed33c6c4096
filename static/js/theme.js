/* Before anything is painted: that there is script; light or dark, navigation open or folded, as this person left them. */
(function () {
  "use strict";
  const root = document.documentElement;
  const kind = root.classList.contains("folded") ? "nav-wide" : "nav";
  let theme = null;
  let nav = null;
  try {
    theme = localStorage.getItem("theme");
    nav = localStorage.getItem(kind);
  } catch (refused) {
    /* storage is off: the defaults stand */
  }
  root.classList.add("scripted");
  root.dataset.nav = kind;
  if (theme) root.dataset.bsTheme = theme;
  else if (matchMedia("(prefers-color-scheme: dark)").matches) root.dataset.bsTheme = "dark";
  if (nav) root.classList.toggle("folded", nav === "folded");
})();
