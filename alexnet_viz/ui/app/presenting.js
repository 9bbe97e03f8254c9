// Before Streamlit starts: a page whose address has present=1 is light, whatever the system and the
// visitor prefer.  Streamlit asks the browser for its scheme at the start and whenever
// prefers-color-scheme changes or paper was printed; document.js has it ask again.
const root = document.documentElement
const presenting = () => "present" in root.dataset
if (new URLSearchParams(location.search).get("present") === "1") root.dataset.present = "opened"
const asked = window.matchMedia.bind(window)
window.matchMedia = query => {
  const list = asked(query)
  if (!query.includes("prefers-color-scheme")) return list
  const matches = () => (presenting() ? query.includes("light") : asked(query).matches)
  return Object.defineProperty(list, "matches", { get: matches })
}
// a scheme that the visitor chose is neither read nor replaced meanwhile
const { getItem, setItem } = Storage.prototype
const scheme = key => presenting() && String(key).startsWith("stActiveTheme")
Storage.prototype.getItem = function (key) {
  return scheme(key) ? null : getItem.call(this, key)
}
Storage.prototype.setItem = function (key, value) {
  if (!scheme(key)) setItem.call(this, key, value)
}
