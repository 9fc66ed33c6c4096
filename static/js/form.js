/* The filing form and its relatives: copying, fetching, fields that source and kinds open and close. */
(function () {
  "use strict";
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));

  function field(form, name) {
    return form.elements.namedItem(name);
  }

  function label(form, name) {
    const wrapper = form.querySelector(`.field[data-field="${name}"]`);
    return wrapper && wrapper.querySelector("label, legend");
  }

  function put(control, value) {
    control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* what the source asks for */
  function close(control, shut, words) {
    if (control.tagName === "SELECT") {
      control.classList.toggle("closed", shut);
      control.tabIndex = shut ? -1 : 0;
      if (shut) control.setAttribute("aria-disabled", "true");
      else control.removeAttribute("aria-disabled");
    } else {
      if (!("hint" in control.dataset)) control.dataset.hint = control.placeholder;
      control.readOnly = shut;
      control.placeholder = shut ? words : control.dataset.hint;
    }
    const group = control.closest(".field");
    if (!group) return;
    group.classList.toggle("shut", shut);
    group.title = shut ? words : "";
    all("button", group).forEach((button) => {
      button.disabled = shut;
    });
  }

  function obey(form) {
    const source = field(form, "source");
    const option = source && source.selectedOptions && source.selectedOptions[0];
    if (!source || !source.querySelector("option[data-rules]")) return;
    const rules = option && option.dataset.rules ? JSON.parse(option.dataset.rules) : null;
    const names = new Set();
    all("option[data-rules]", source).forEach((each) => {
      Object.keys(JSON.parse(each.dataset.rules)).forEach((name) => names.add(name));
    });
    names.forEach((name) => {
      const control = field(form, name);
      if (!control) return;
      const rule = rules ? rules[name] || "closed" : "closed";
      control.required = rule === "required";
      const words = label(form, name);
      if (words) words.classList.toggle("need", rule === "required");
      close(control, rule === "closed", form.dataset.closedText || "");
    });
  }

  /* what the kinds of filing and customer ask for; fields of no use are out of sight and keep what was typed */
  function gather(form) {
    const rest = form.querySelector("[data-kind-group] .rest");
    if (!rest) return;
    form.dataset.kindFields.split(" ").forEach((name) => {
      const wrapper = form.querySelector(`[data-kind-group] .field[data-field="${name}"]`);
      if (wrapper) rest.parentNode.insertBefore(wrapper, rest);
    });
    rest.remove();
  }

  function suit(form) {
    if (!form.dataset.kinds) return;
    const kind = field(form, "filing_kind");
    const customer = field(form, "customer_kind").value;
    const rules = JSON.parse(form.dataset.kinds)[`${kind ? kind.value : form.dataset.kind}|${customer}`] || {};
    form.dataset.kindFields.split(" ").forEach((name) => {
      const control = field(form, name);
      control.closest(".field").hidden = !rules[name];
      control.required = rules[name] === "required";
      label(form, name).classList.toggle("need", control.required);
    });
    const group = form.querySelector("[data-kind-group]");
    group.classList.toggle("idle", !group.querySelector(".field:not([hidden])"));
    label(form, "name").textContent = JSON.parse(form.dataset.nameLabels)[customer];
  }

  /* only the designers of the chosen company */
  function narrow(form) {
    const company = field(form, "decoration_company");
    const designer = field(form, "designer");
    if (!company || !designer || designer.tagName !== "SELECT") return;
    all("option[data-company]", designer).forEach((option) => {
      const fits = !company.value || option.dataset.company === company.value;
      option.hidden = !fits;
      option.disabled = !fits;
      if (!fits && option.selected) designer.value = "";
    });
  }

  function count(form) {
    const place = form.querySelector("[data-missing]");
    if (!place) return;
    const names = [];
    Array.from(form.elements).forEach((control) => {
      if (!control.required || control.readOnly || control.value.trim() || !control.name) return;
      const words = label(form, control.name);
      if (words) names.push(words.textContent.trim());
    });
    place.textContent = names.length
      ? place.dataset.text.replace("{n}", names.length).replace("{names}", names.slice(0, 4).join("、"))
      : place.dataset.done || "";
  }

  async function bring(button) {
    const form = button.form;
    const from = field(form, button.dataset.from || "designer");
    if (!from.value) {
      from.focus();
      return;
    }
    button.disabled = true;
    try {
      const query = new URLSearchParams({ [from.name]: from.value });
      const answer = await fetch(`${button.dataset.url}?${query}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const value = (await answer.json())[button.dataset.key || "phone"];
      if (value) put(field(form, button.dataset.fetch), value);
    } catch (failure) {
      const detail = { text: button.dataset.failed, tone: "warning" };
      document.dispatchEvent(new CustomEvent("toast", { detail }));
    } finally {
      button.disabled = false;
    }
  }

  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy-from]");
    if (copy) put(field(copy.form, copy.dataset.copyTo), field(copy.form, copy.dataset.copyFrom).value);
    const fetching = event.target.closest("[data-fetch]");
    if (fetching) bring(fetching);
  });

  function keepUp(event) {
    const form = event.target.form;
    if (!form || !form.matches("[data-rules-form]")) return;
    if (event.type === "change" && event.target.name === "source") obey(form);
    if (event.type === "change" && ["filing_kind", "customer_kind"].includes(event.target.name)) suit(form);
    if (event.type === "change" && event.target.name === "decoration_company") narrow(form);
    count(form);
  }

  document.addEventListener("change", keepUp);
  document.addEventListener("input", keepUp);
  document.addEventListener("keydown", (event) => {
    const form = event.target.form;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form && form.matches("[data-rules-form]")) {
      event.preventDefault();
      form.requestSubmit();
    }
    if (event.target.classList && event.target.classList.contains("closed") && event.key !== "Tab") event.preventDefault();
  });

  all("form[data-rules-form]").forEach((form) => {
    obey(form);
    gather(form);
    suit(form);
    narrow(form);
    count(form);
  });
})();
