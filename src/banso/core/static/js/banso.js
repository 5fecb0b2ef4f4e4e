// Gives every element with data-behavior="name" its behaviour, also those htmx brings later.
import { answers } from "./behaviors/answers.js"
import { autoSubmit } from "./behaviors/auto_submit.js"
import { countTicked } from "./behaviors/count_ticked.js"
import { copyToClipboard } from "./behaviors/copy_to_clipboard.js"
import { dialog } from "./behaviors/dialog.js"
import { dismiss } from "./behaviors/dismiss.js"
import { menu } from "./behaviors/menu.js"
import { passkey } from "./behaviors/passkey.js"
import { saveText } from "./behaviors/save_text.js"
import { selectAll } from "./behaviors/select_all.js"
import { shortcuts } from "./behaviors/shortcuts.js"
import { theme } from "./behaviors/theme.js"
import { defineLivePage } from "./live/page.js"

const behaviors = {
  answers, auto_submit: autoSubmit, copy_to_clipboard: copyToClipboard, count_ticked: countTicked,
  dialog, dismiss, menu, passkey, save_text: saveText, select_all: selectAll, shortcuts, theme,
}
const attached = new WeakMap()

function attach(element) {
  const done = attached.get(element) ?? new Set()
  for (const name of element.dataset.behavior.split(/\s+/)) {
    if (done.has(name) || !behaviors[name]) continue
    behaviors[name](element)
    done.add(name)
  }
  attached.set(element, done)
}

function attachWithin(root) {
  if (root.matches?.("[data-behavior]")) attach(root)
  for (const element of root.querySelectorAll("[data-behavior]")) attach(element)
}

attachWithin(document)
document.addEventListener("htmx:load", (event) => attachWithin(event.target))
defineLivePage(attachWithin)
