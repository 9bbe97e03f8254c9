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

// What Streamlit says of faults stands in the visitor's language: on a file's chip, in a tooltip, in
// the dialog of a lost connection.
const SAID =
  ":is([data-testid=stFileChip] [role=alert], [role=tooltip], [data-baseweb=tooltip], " +
  "[data-testid=stDialog], [data-testid=stConnectionStatus])"
let faults = []
const translate = () => {
  for (const place of document.querySelectorAll(SAID)) {
    const nodes = document.createTreeWalker(place, NodeFilter.SHOW_TEXT)
    while (nodes.nextNode()) {
      const node = nodes.currentNode
      const found = faults.find(([said]) => said.test(node.data))
      const words = found ? node.data.replace(...found) : node.data
      if (words !== node.data) node.data = words
    }
  }
}

// A page that is connected again: its session may be a new one, which has drawn nothing yet.
let session = null
let reconnect = () => {}
let connected = true
const watch = () => {
  const app = document.querySelector("[data-testid=stApp]")
  const now = app?.dataset.testConnectionState === "CONNECTED"
  if (now && !connected && app.dataset.testScriptState === "notRunning") reconnect()
  if (app) connected = now
}
let waiting = false
new MutationObserver(() => {
  if (waiting) return
  waiting = true
  requestAnimationFrame(() => {
    waiting = false
    translate()
    watch()
  })
}).observe(document.body, {
  subtree: true,
  childList: true,
  characterData: true,
  attributeFilter: ["data-test-connection-state"],
})

// On paper a chart is scaled from the width that it has on the screen to that of the sheet (frame.css)
const measured = () => {
  for (const chart of document.querySelectorAll("[data-testid=stPlotlyChart]")) {
    const place = chart.closest("[data-testid=stElementContainer]")
    if (place?.offsetWidth) place.style.setProperty("--width", place.offsetWidth)
  }
}

// Projector mode: keys step, and the page is light (presenting.js).  A key is left to whatever has
// the focus and may want it: a field, a slider, a grid, a part of a component, an open menu.
const KEYS = { ArrowLeft: "previous", PageUp: "previous", ArrowRight: "following" }
Object.assign(KEYS, { PageDown: "following", Escape: "leave" })
const WANTS_KEYS =
  "input, textarea, select, [contenteditable], [role=slider], [role=grid], [role=radio], " +
  "[role=tab], [role=option], [role=combobox], [role=menuitem], [role=spinbutton], " +
  "[data-testid=stDataFrame], [data-testid=stBidiComponent]"
const OPEN = ":is([role=dialog], [role=menu], [role=listbox], [data-testid=stPopoverBody])"
window.addEventListener("keydown", event => {
  const way = KEYS[event.key]
  if (!way || !("present" in document.documentElement.dataset) || event.repeat) return
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  const [target] = event.composedPath()
  const inside = target instanceof Element && target.getRootNode() !== document
  if (event.defaultPrevented || inside || target.closest?.(WANTS_KEYS)) return
  if (document.querySelector(OPEN)) return
  const button = document.querySelector(`.st-key-present-${way} :is(a, button)`)
  if (!button) return
  event.preventDefault()
  button.click()
})
const present = on => {
  const { dataset } = document.documentElement
  if ("present" in dataset === on) return
  if (on) dataset.present = "switched"
  else delete dataset.present
  window.dispatchEvent(new Event("afterprint")) // Streamlit asks for the scheme again
  window.dispatchEvent(new Event("resize"))
  // a scheme that the visitor chose is read once, when a page is loaded
  const app = document.querySelector("[data-testid=stApp]")
  const dark = () => getComputedStyle(app).colorScheme === "dark"
  if (on)
    setTimeout(() => dark() && location.search.includes("present=1") && location.reload(), 700)
}

export default function ({ data, setStateValue }) {
  present(data.present)
  window.onbeforeprint = measured
  const root = document.documentElement
  faults = data.faults.map(([said, words]) => [new RegExp(said), words])
  if (session !== null && session !== data.session) setStateValue("taken_over", data.session)
  session = data.session
  reconnect = () => setStateValue("reconnected", Date.now())
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
