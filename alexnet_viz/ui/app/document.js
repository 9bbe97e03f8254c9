// Streamlit runs this again when the theme changes; only a new turn is an instruction.
let done = -1

export default function ({ data }) {
  document.documentElement.lang = data.lang
  if (data.turn === done) return
  done = data.turn
  if (data.query === null) return
  const query = data.query ? `?${data.query}` : ""
  if (location.search !== query) history.replaceState(history.state, "", location.pathname + query)
}
