// Streamlit runs this again when the theme changes; only a new turn is an instruction.
let done = -1

export default function ({ data }) {
  if (data.turn === done) return
  done = data.turn
  const query = data.query ? `?${data.query}` : ""
  if (location.search !== query) history.replaceState(history.state, "", location.pathname + query)
}
