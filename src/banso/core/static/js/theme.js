// Runs before the first paint, so a chosen theme never flashes. Plain script on purpose.
(() => {
  const root = document.documentElement
  root.dataset.js = ""
  try {
    const theme = localStorage.getItem("banso.theme")
    if (theme === "light" || theme === "dark") root.dataset.theme = theme
  } catch { /* storage may be forbidden; the device's theme stays */ }
})()
