// Run with `npm run lint` where eslint is at hand; the rules need no other package.
const browser = [
  "document", "window", "console", "Image", "L", "atob", "Blob", "DecompressionStream", "Response",
  "URL", "setTimeout", "Event", "setInterval", "clearInterval", "NodeFilter",
];
const node = ["process", "TextDecoder"];

function named(names) {
  return Object.fromEntries(names.map((name) => [name, "readonly"]));
}

const rules = {
  "array-callback-return": "error",
  complexity: ["error", 10],
  curly: "error",
  eqeqeq: "error",
  "max-lines-per-function": ["error", 60],
  "no-console": "error",
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-new-func": "error",
  "no-restricted-properties": [
    "error",
    { property: "innerHTML", message: "Text goes in as text." },
    { property: "outerHTML", message: "Text goes in as text." },
    { property: "insertAdjacentHTML", message: "Text goes in as text." },
  ],
  "no-undef": "error",
  "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
  "no-var": "error",
  "prefer-const": "error",
};

export default [
  {
    files: ["maemoh_gis/pages/page/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: named(browser) },
    rules,
  },
  {
    files: ["tests/page/*.mjs"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: named(node) },
    rules,
  },
];
