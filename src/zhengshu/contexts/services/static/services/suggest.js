// The field of the search for service items as a combobox (WAI-ARIA): arrow keys choose among the suggestions that the
// server sends while somebody types, Enter follows the chosen one, Escape closes them. Comfort only: without this file
// the field is a search field.
const field = document.querySelector("#item-q");
const place = document.querySelector("#item-suggestions");
const told = document.querySelector("#item-suggestions-told");
let active = -1;

const list = () => place.querySelector("[data-suggestions]");
const options = () => [...place.querySelectorAll("[data-suggestions] a")];

function choose(number) {
  const all = options();
  active = all.length ? (number + all.length + 1) % (all.length + 1) : -1;
  if (active === all.length) active = -1;
  all.forEach((one, row) => one.setAttribute("aria-selected", String(row === active)));
  if (active < 0) field.removeAttribute("aria-activedescendant");
  else {
    field.setAttribute("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  }
}

function show(isOpen) {
  const found = list();
  if (found) found.hidden = !isOpen;
  field.setAttribute("aria-expanded", String(Boolean(found) && isOpen));
  if (!found || !isOpen) choose(-1);
}

function dress() {
  const found = list();
  if (found) {
    found.id = "item-suggestions-list";
    found.setAttribute("role", "listbox");
    found.setAttribute("aria-label", field.labels[0].textContent);
    options().forEach((one, row) => {
      one.id = `item-suggestion-${row}`;
      one.setAttribute("role", "option");
      one.tabIndex = -1;
      one.parentElement.setAttribute("role", "none");
    });
  }
  active = -1;
  field.removeAttribute("aria-activedescendant");
  told.textContent = place.querySelector("[data-told]")?.dataset.told ?? "";
  show(document.activeElement === field);
}

function pressed(event) {
  const isOpen = field.getAttribute("aria-expanded") === "true";
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!options().length) return;
    event.preventDefault();
    if (!isOpen) show(true);
    if (event.key === "ArrowDown") choose(active + 1);
    else choose(active < 0 ? options().length - 1 : active - 1);
  } else if (event.key === "Enter" && isOpen && active >= 0) {
    event.preventDefault();
    options()[active].click();
  } else if (event.key === "Escape" && isOpen) {
    event.preventDefault();
    show(false);
  }
}

if (field && place) {
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", "item-suggestions");
  place.addEventListener("htmx:afterSwap", dress);
  field.addEventListener("keydown", pressed);
  field.addEventListener("focus", () => show(true));
  field.addEventListener("blur", () => show(false));
  // A press on a suggestion leaves the focus where it is, so that the list is still there when it becomes a click.
  place.addEventListener("mousedown", (event) => event.preventDefault());
}
