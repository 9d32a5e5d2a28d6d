// Shows one language of a report, and Thai digits in the Thai text where the reader wants them.

const LANGUAGES = ["th", "en"];

// An id, a file name or a code: a word with a Latin letter in it.
const WORD = /[0-9A-Za-z_.:/-]+/g;
const NAMED = /[A-Za-z_]/;

/** Write the numbers of a text with Thai or with Arabic digits; ids, file names and codes keep theirs. */
export function inDigits(text, thai) {
  const inThai = (word) => word.replace(/[0-9]/g, (digit) => String.fromCharCode(0x0e50 + Number(digit)));
  return thai
    ? text.replace(WORD, (word) => (NAMED.test(word) ? word : inThai(word)))
    : text.replace(/[\u0e50-\u0e59]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50));
}

/** Read what the address asks for: `#en`, `#th` or `#th,thai-digits`. */
export function asked(hash, digits) {
  const words = hash.replace("#", "").split(",");
  const language = LANGUAGES.find((code) => words.includes(code)) ?? LANGUAGES[0];
  return { language, thai: words.includes("thai-digits") || digits === "thai" };
}

/** Rewrite the digits of every text but code, English and what the reader does not see. */
function rewriteDigits(thai) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.closest("script, style, code, .tools, [lang=en]")) {
      const text = inDigits(node.data, thai);
      if (text !== node.data) {
        node.data = text;
      }
    }
  }
}

export function start() {
  const root = document.documentElement;
  const state = asked(window.location.hash, root.dataset.digits);
  const digits = document.getElementById("digits");
  const buttons = [...document.querySelectorAll("[data-choose]")];
  const show = () => {
    const thai = state.thai && state.language === "th";
    root.lang = state.language;
    root.dataset.language = state.language;
    root.dataset.digits = thai ? "thai" : "arabic";
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.choose === state.language));
    }
    digits.setAttribute("aria-pressed", String(thai));
    rewriteDigits(thai);
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      state.language = button.dataset.choose;
      show();
    });
  }
  digits.addEventListener("click", () => {
    state.thai = !state.thai;
    show();
  });
  const print = (annex) => {
    root.classList.toggle("without-annex", !annex);
    window.print();
  };
  document.getElementById("print").addEventListener("click", () => print(false));
  document.getElementById("print-all")?.addEventListener("click", () => print(true));
  window.addEventListener("afterprint", () => root.classList.remove("without-annex"));
  window.addEventListener("hashchange", () => {
    const words = window.location.hash.replace("#", "").split(",");
    if (LANGUAGES.some((code) => words.includes(code))) {
      Object.assign(state, asked(window.location.hash, ""));
      show();
    }
  });
  document.getElementById("tools").hidden = false;
  show();
}
