// Lets a library that knows English only speak the reader's language: its words are replaced as it draws them.
"use strict";

const ATTRIBUTES = ["title", "placeholder", "aria-label", "data-title"];
const OWN = ".fjs-form-field, .cm-editor, textarea";

export function speak(root, words) {
  const known = (text) => (Object.hasOwn(words, text) ? words[text] : text);

  function sayText(node) {
    const text = node.data.trim();
    const said = known(text);
    if (said !== text && !node.parentElement?.closest(OWN)) node.data = node.data.replace(text, () => said);
  }

  function sayElement(element) {
    for (const name of ATTRIBUTES) {
      const text = element.getAttribute(name);
      if (text !== null && known(text) !== text) element.setAttribute(name, known(text));
    }
  }

  function say(node) {
    if (node.nodeType === Node.TEXT_NODE) return sayText(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return undefined;
    sayElement(node);
    return node.childNodes.forEach(say);
  }

  say(root);
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(say);
      else if (change.type === "attributes") sayElement(change.target);
      else sayText(change.target);
    }
  }).observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
}
