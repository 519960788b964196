// The rules of a form in the browser, for comfort: what is shown, what is computed, what is wrong, while somebody types.
// `evaluate` does what domain/forms/evaluating.py does, on rules that the server compiled; the server decides again.
// Both are held to the same vectors: tests/vectors/forms.json.

const LARGEST = 10 ** 15;
const MOST_ENTRIES = 50;
const MOST_LETTERS = 4000;
const DETAIL = /%\((\w+)\)s/g;

// A value does not fit its operation; the expression has no value then.
class Stuck extends Error {}

const number = (value) => {
  if (typeof value !== "number" || Math.abs(value) > LARGEST) throw new Stuck();
  return value;
};

// Texts are ordered by code points, as on the server, and not by halves of them.
const compareTexts = (left, right) => {
  const [one, other] = [[...left], [...right]];
  const at = one.findIndex((letter, index) => letter !== other[index]);
  if (at < 0) return one.length - other.length;
  return at >= other.length ? 1 : one[at].codePointAt(0) - other[at].codePointAt(0);
};

const order = (left, right) =>
  typeof left === "string" && typeof right === "string" ? compareTexts(left, right) : number(left) - number(right);

// True is 1 and False is 0 when they are compared, as on the server.
const same = (left, right) => {
  const [one, other] = [left, right].map((value) => (typeof value === "boolean" ? Number(value) : value));
  return one === other;
};

const asText = (value) => (typeof value === "boolean" ? (value ? "True" : "False") : String(value));

const FUNCTIONS = {
  length: (value) => [...asText(value)].length,
  is_empty: (value) => asText(value).trim() === "",
};

const COMPARISONS = {
  "==": same,
  "!=": (left, right) => !same(left, right),
  "<": (left, right) => order(left, right) < 0,
  "<=": (left, right) => order(left, right) <= 0,
  ">": (left, right) => order(left, right) > 0,
  ">=": (left, right) => order(left, right) >= 0,
};

function compare([first, ...pairs], names) {
  let left = value(first, names);
  for (const [sign, part] of pairs) {
    if (sign === "in" || sign === "not in") {
      const found = part.map((one) => value(one, names)).some((one) => same(left, one));
      if (found === (sign === "not in")) return false;
      continue;
    }
    const right = value(part, names);
    if (!COMPARISONS[sign](left, right)) return false;
    left = right;
  }
  return true;
}

function value([kind, ...parts], names) {
  switch (kind) {
    case "value": return parts[0];
    case "name": {
      if (!names.has(parts[0])) throw new Stuck();
      return names.get(parts[0]);
    }
    case "and": return parts.every((part) => Boolean(value(part, names)));
    case "or": return parts.some((part) => Boolean(value(part, names)));
    case "not": return !value(parts[0], names);
    case "minus": return 0 - number(value(parts[0], names));
    case "+": return number(value(parts[0], names)) + number(value(parts[1], names));
    case "-": return number(value(parts[0], names)) - number(value(parts[1], names));
    case "if": return value(value(parts[0], names) ? parts[1] : parts[2], names);
    case "call": return FUNCTIONS[parts[0]](value(parts[1], names));
    case "compare": return compare(parts, names);
    default: throw new Stuck();
  }
}

function attempt(expression, names, otherwise) {
  try {
    return value(expression, names);
  } catch (fault) {
    if (fault instanceof Stuck) return otherwise;
    throw fault;
  }
}

const UNSEEN = /[\0-\x08\v\f\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const cleaned = (texts) =>
  (texts ?? []).map((text) => text.replace(/\r\n?/g, "\n").replace(UNSEEN, "").trim()).filter(Boolean);

const narrow = (text) =>
  [...text].map((letter) => (letter >= "！" && letter <= "～" ? String.fromCodePoint(letter.codePointAt(0) - 0xfee0) : letter))
    .join("").replace(/[\u2010-\u2014\u2212]/g, "-").replaceAll("\u3000", " ").trim();

const refuse = (code, details = {}) => ({ fault: { code, details } });
const accept = (found) => ({ value: found });

const MISSING = { choice: "choice-missing", choices: "choice-missing", tick: "tick-missing", files: "file-missing" };

// Decimals are compared as texts of equal length, so that nothing is rounded.
function decimalOrder(left, right) {
  const scaled = [left, right].map((text) => {
    const [whole, part = ""] = text.replace("-", "").split(".");
    return BigInt(whole + part.padEnd(10, "0")) * (text.startsWith("-") ? -1n : 1n);
  });
  return scaled[0] < scaled[1] ? -1 : Number(scaled[0] > scaled[1]);
}

function readNumber(field, text) {
  const typed = narrow(text).replaceAll(",", "");
  if (!/^-?\d{1,12}(\.\d{1,10})?$/.test(typed)) return refuse("not-a-number");
  const [whole, part = ""] = typed.split(".");
  if (part.replace(/0+$/, "").length > field.decimals) {
    return field.decimals ? refuse("too-many-decimals", { decimals: field.decimals }) : refuse("number-not-whole");
  }
  if (field.least !== null && decimalOrder(typed, field.least) < 0) return refuse("number-too-small", { least: field.least });
  if (field.most !== null && decimalOrder(typed, field.most) > 0) return refuse("number-too-large", { most: field.most });
  if (field.decimals === 0) return accept(Number(whole) + 0);
  const places = part.slice(0, field.decimals).padEnd(field.decimals, "0");
  return accept(`${whole.replace(/^(-?)0+(?=\d)/, "$1")}.${places}`);
}

function readText(field, text) {
  const length = [...text].length;
  if (field.min_length !== null && length < field.min_length) return refuse("answer-too-short", { least: field.min_length, length });
  if (field.max_length !== null && length > field.max_length) return refuse("answer-too-long", { most: field.max_length, length });
  if (field.pattern && !new RegExp(field.pattern).test(text)) return refuse("answer-of-another-form");
  return accept(text);
}

function read(field, texts) {
  if (field.kind === "tick") {
    const ticked = ["on", "true", "True"].includes(texts[0]);
    return field.required && !ticked ? refuse("tick-missing") : accept(ticked);
  }
  const several = field.kind === "choices" || field.kind === "files";
  if (!texts.length) {
    if (!field.required) return accept(several ? [] : "");
    return field.typed || field.default.length ? refuse(MISSING[field.kind] ?? "answer-missing") : refuse("source-silent");
  }
  if (several) {
    if (field.options !== null && field.kind === "choices" && texts.some((text) => !field.options.includes(text))) return refuse("not-an-option");
    return accept([...new Set(texts)]);
  }
  if ([...texts[0]].length > MOST_LETTERS) return refuse("answer-too-long", { most: MOST_LETTERS, length: [...texts[0]].length });
  if (field.kind === "choice") {
    return field.options === null || field.options.includes(texts[0]) ? accept(texts[0]) : refuse("not-an-option");
  }
  if (field.kind === "number") return readNumber(field, texts[0]);
  if (field.kind === "text") return readText(field, texts[0]);
  return accept(texts[0]);
}

function blanks(parts, names = new Map()) {
  for (const part of parts) {
    if (part.part === "field") {
      names.set(part.key, part.kind === "tick" ? false : "");
      for (const name of Object.values(part.names)) names.set(name, false);
    } else if (part.part === "section") {
      blanks(part.parts, names);
    } else if (part.part === "repeat") {
      names.set(`${part.key}_count`, 0);
      for (const field of wholes(part.parts)) names.set(`${part.key}_${field.key}_sum`, 0);
    }
  }
  return names;
}

const fields = (parts) => parts.flatMap((part) => (part.part === "field" ? [part] : fields(part.parts ?? [])));
const wholes = (parts) => fields(parts).filter((field) => field.kind === "number" && field.decimals === 0);

function calculated(field, names) {
  const blank = field.kind === "tick" ? false : "";
  const found = attempt(field.calculate, names, blank);
  const wanted = { number: "number", tick: "boolean" }[field.kind] ?? "string";
  return typeof found === wanted ? found : blank;
}

export function count(repeat, answers) {
  const [text] = cleaned(answers[repeat.key]);
  return text !== undefined && /^[0-9]+$/.test(text) ? Math.min(Number(text.slice(0, 6)), MOST_ENTRIES + 1) : repeat.fewest;
}

// What a form makes of answers: { visible: [places], values: {place: value}, faults: {place: {code, details}} }.
export function evaluate(rules, answers, supplied = {}) {
  const result = { visible: [], values: {}, faults: {} };
  const names = blanks(rules);

  function answerOf(field, place) {
    if (field.default.length) return field.default;
    if (place in supplied) return [supplied[place]];
    if (!field.typed) return [];
    return cleaned(answers[place]);
  }

  function walkField(field, place, known) {
    const found = field.calculate ? accept(calculated(field, known)) : read(field, answerOf(field, place));
    if (found.fault) {
      result.faults[place] = found.fault;
      return;
    }
    result.values[place] = found.value;
    known.set(field.key, Array.isArray(found.value) ? found.value.join(",") : found.value);
    for (const [one, name] of Object.entries(field.names)) known.set(name, found.value.includes(one));
  }

  function walkRepeat(repeat, known) {
    const entries = count(repeat, answers);
    if (entries > repeat.most) result.faults[repeat.key] = { code: "too-many-entries", details: { most: repeat.most, count: entries } };
    else if (entries < repeat.fewest) result.faults[repeat.key] = { code: "too-few-entries", details: { fewest: repeat.fewest, count: entries } };
    known.set(`${repeat.key}_count`, entries);
    for (let entry = 0; entry < Math.min(entries, repeat.most); entry += 1) {
      const inner = blanks(repeat.parts, new Map(known));
      walk(repeat.parts, `${repeat.key}.${entry}.`, inner);
      for (const field of wholes(repeat.parts)) {
        const name = `${repeat.key}_${field.key}_sum`;
        const [total, more] = [known.get(name), inner.get(field.key)];
        if (typeof total !== "number" || typeof more !== "number") continue;
        known.set(name, Math.abs(total + more) <= LARGEST ? total + more : "");
      }
    }
  }

  function walk(parts, prefix, known) {
    for (const part of parts) {
      if (part.hide && attempt(part.hide, known, false)) continue;
      const place = prefix + (part.key ?? part.id);
      result.visible.push(place);
      if (part.part === "field") walkField(part, place, known);
      else if (part.part === "section") walk(part.parts, prefix, known);
      else if (part.part === "repeat") walkRepeat(part, known);
    }
  }

  walk(rules, "", names);
  return result;
}

// --- the page --------------------------------------------------------------------------------------------------

function typed(form, before) {
  const answers = { ...before };
  for (const element of form.elements) {
    if (element.name && !element.name.startsWith("_") && element.type !== "file") answers[element.name] = [];
  }
  for (const [name, text] of new FormData(form)) {
    if (typeof text === "string" && !name.startsWith("_")) (answers[name] ??= []).push(text);
  }
  return answers;
}

function say(form, place, fault, sentences) {
  const slot = form.querySelector(`[data-fault="${CSS.escape(place)}"]`);
  if (!slot) return;
  const sentence = fault ? (sentences[fault.code] ?? "") : "";
  slot.textContent = sentence.replace(DETAIL, (_, name) => fault.details[name] ?? "");
  slot.hidden = sentence === "";
  for (const control of form.elements) {
    if (control.name !== place) continue;
    control.classList.toggle("is-invalid", sentence !== "");
    control.setAttribute("aria-invalid", String(sentence !== ""));
  }
}

function enliven(form) {
  const { rules, answers, supplied, words, sentences } = JSON.parse(document.getElementById(form.dataset.rules).textContent);
  const shown = form.elements.namedItem("_shown");

  function refresh(changed) {
    const found = evaluate(rules, typed(form, answers), supplied);
    const visible = new Set(found.visible);
    for (const part of form.querySelectorAll("[data-place]")) part.hidden = !visible.has(part.dataset.place);
    for (const output of form.querySelectorAll("[data-computed]")) {
      const value = found.values[output.dataset.computed] ?? "";
      output.textContent = typeof value === "boolean" ? words[value] : String(value);
    }
    if (shown) shown.value = found.visible.join(" ");
    if (changed) say(form, changed, visible.has(changed) ? found.faults[changed] : undefined, sentences);
  }

  // A press of the pointer first leaves the field before: a sentence that goes then would move what is being pressed
  // from under the pointer, and the click would be lost. What was left waits until the press is over.
  let isPressed = false;
  const left = new Set();
  const release = () => setTimeout(() => {
    isPressed = false;
    for (const name of left) refresh(name);
    left.clear();
  });
  document.addEventListener("pointerdown", () => { isPressed = true; }, true);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, release, true);
  form.addEventListener("input", () => refresh());
  form.addEventListener("change", (event) => (isPressed ? left.add(event.target.name) : refresh(event.target.name)));
  refresh();
}

if (typeof document !== "undefined") {
  for (const form of document.querySelectorAll("form[data-rules]")) enliven(form);
}
