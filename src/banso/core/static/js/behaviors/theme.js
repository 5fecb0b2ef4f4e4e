// Light, dark or as the device; kept in this browser.
const KEY = "banso.theme"

function stored() {
  try { return localStorage.getItem(KEY) ?? "system" } catch { return "system" }
}

function choose(theme) {
  try { localStorage.setItem(KEY, theme) } catch { /* kept for this page only */ }
  if (theme === "system") delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function theme(group) {
  const buttons = [...group.querySelectorAll("[data-theme-choice]")]
  const show = (now) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === now))
  }
  for (const button of buttons) {
    button.addEventListener("click", () => {
      choose(button.dataset.themeChoice)
      show(button.dataset.themeChoice)
    })
  }
  show(stored())
}
