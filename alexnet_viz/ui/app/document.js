// Streamlit runs this again when the theme changes; only a new turn is an instruction.
let done = -1

// The page's last element is here: once the scripts of what the window shows are, the page is
// shown (frame.css).
const LOADING = "[data-testid=stMain] :is([data-testid=stSkeleton], [data-testid=stSpinner])"
const whole = (frames = 0) => {
  const seen = it => it.getBoundingClientRect().top < innerHeight
  const loading = [...document.querySelectorAll(LOADING)].some(seen)
  if (frames > 2) document.documentElement.dataset.drawn = ""
  else requestAnimationFrame(() => whole(loading ? 0 : frames + 1))
}

export default function ({ data }) {
  const root = document.documentElement
  root.lang = data.lang
  // popovers and tooltips lie outside of the element that has the theme's colour scheme
  root.style.colorScheme = getComputedStyle(
    document.querySelector("[data-testid=stApp]"),
  ).colorScheme
  if (!("drawn" in root.dataset)) whole()
  if (data.turn === done) return
  done = data.turn
  if (data.query === null) return
  const query = data.query ? `?${data.query}` : ""
  if (location.search !== query) history.replaceState(history.state, "", location.pathname + query)
}
