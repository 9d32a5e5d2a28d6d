// What the widgets leave out for people who do not see the page or use no mouse.

const NAMED = "input, select, textarea, button";

/** Give a control the name that stands beside it, where the widget gave none. */
function name(control) {
  const label = control.closest(".jupyter-widgets")?.querySelector("label, .widget-label");
  const said = label?.textContent.trim() || control.title;
  if (said && !control.labels?.length && !control.getAttribute("aria-label")) {
    if (control.tagName !== "BUTTON" || !control.textContent.trim()) control.setAttribute("aria-label", said);
  }
}

/** Say which of a row of buttons is pressed. */
function press(button) {
  const state = String(button.classList.contains("mod-active"));
  if (button.getAttribute("aria-pressed") !== state) button.setAttribute("aria-pressed", state);
}

function look() {
  document.querySelectorAll(`.desk ${NAMED.split(", ").join(", .desk ")}`).forEach(name);
  document.querySelectorAll(".desk .widget-toggle-button").forEach(press);
  document.querySelectorAll(".desk-live:not([aria-live])").forEach((one) => {
    one.setAttribute("aria-live", "polite");
    one.setAttribute("role", "status");
  });
  const title = document.querySelector(".desk h1")?.textContent;
  if (title && document.title !== title) document.title = title;
}

document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver(look).observe(document.body, {
    attributeFilter: ["class"], attributes: true, childList: true, subtree: true,
  });
});
