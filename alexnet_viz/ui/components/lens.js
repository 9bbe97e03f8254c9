// A lens that follows the pointer over a map: the window of the cell, its kernel, the products and
// their sum, computed in the browser, so that no cell waits for the server.  A click or an arrow key
// keeps a cell.  Handlers are assigned, not added: the function runs again whenever the data change.

const CONSTANTS = ["count", "k", "alpha", "eps", "factor", "power"] // as they were declared
const PAUSE_MS = 500 // from the last arrow key until the link is updated

export default function ({ data, parentElement, setTriggerValue }) {
  const { root, find, kept } = mounted(parentElement, "lens")
  if (kept.data !== data) takeOver(kept, data)
  const { shown } = kept
  const { source, words, rule } = shown
  const [rows, columns] = shown.size
  const single = rows * columns === 1

  const cell = () => kept.hovered ?? kept.cell
  const name = slice =>
    source.names?.[slice] ?? fill(words.channel, { channel: source.first + slice })
  const point = to => {
    if (String(to) === String(kept.hovered)) return
    kept.hovered = to
    draw()
  }
  const keep = (to, wait) => {
    kept.cell = to
    kept.hovered = undefined
    draw()
    clearTimeout(kept.timer)
    kept.timer = setTimeout(() => {
      kept.sent = String(to)
      setTriggerValue("cell", to)
    }, wait)
  }
  const go = to => setTriggerValue("go", to)
  const it = { root, find, kept, shown, single, cell, name, point, keep, go, draw }

  function draw() {
    const block = blockOf(shown, kept.at, cell())
    const captured = (row, column) => kept.plane[row * columns + column]
    const now = {
      block,
      ...RULES[rule.kind](block, { ...rule, kernel: kept.kernel, captured }, cell()),
    }
    const all = source.colour && kept.slice === undefined && kept.look === undefined
    const slice = kept.look ?? kept.slice ?? (now.parts ? placeOfLargest(now.parts) : 0)
    drawPicture(it)
    if (!single) drawMap(it)
    drawBelow(it, block, slice)
    drawGrids(it, now, slice, all)
    drawParts(it, now, slice, all)
    say(it, now)
  }

  const listen = (canvas, place) => {
    const under = event => cellUnder(event, canvas, shown.size, place)
    canvas.onpointermove = event => point(under(event))
    canvas.onpointerleave = () => point(undefined)
    canvas.onclick = event => under(event) && keep(under(event), 0)
  }
  listen(find(".map canvas"))
  if (shown.place) listen(find(".seen canvas"), shown.place)
  find(".map canvas").onkeydown = event => {
    const step = arrow(event)
    if (step) keep(stepped(kept.cell, step, shown.size), PAUSE_MS)
  }

  const fade = () => drawPicture(it)
  opacitySlider(it, words.opacity, fade, value => setTriggerValue("opacity", value))
  find(".opacity").hidden = single || !shown.place
  find(".map").hidden = single
  root.style.setProperty("--side", shown.side)
  root.classList.toggle("flat", single && source.shape[1] * source.shape[2] === 1)
  find(".map figcaption").textContent = words.map
  tell(find(".said"), shown.said)
  find(".map canvas").ariaLabel = words.alt
  find(".low").textContent = figure(shown.limits[0])
  find(".high").textContent = figure(shown.limits[1])
  find(".own").textContent = words.own
  find(".map .scale").title = words.own_means
  find(".strip").style.background = gradient(shown.signed ? shown.diverging : shown.rising)
  find(".parts .head").textContent = words.parts
  find(".top .head").textContent = words.top
  drawTop(it)
  draw()

  // a new width draws again; the new height that results from drawing does not
  let width = root.clientWidth
  const observer = new ResizeObserver(() => {
    if (root.clientWidth === width) return
    width = root.clientWidth
    requestAnimationFrame(draw)
  })
  observer.observe(root)
  return () => {
    observer.disconnect()
    clearTimeout(kept.timer)
  }
}

// a title and its sentences, in which **what is between asterisks** is bold
function tell(place, [title, sentences]) {
  place.firstElementChild.textContent = title
  while (place.children.length > 1) place.lastChild.remove()
  for (const words of sentences) {
    const line = make("p", place)
    words.split("**").forEach((part, i) => make(i % 2 ? "strong" : "span", line, {}, part))
  }
}

// the rule in words with the cell's numbers, and the value that the network itself computed
function say({ find, kept, shown, single, cell }, { value, said }) {
  const { words } = shown
  const [row, column] = cell()
  const captured = kept.plane[row * shown.size[1] + column]
  const spelt = ([key, number]) => [
    key,
    CONSTANTS.includes(key) ? String(number) : figure(number, 5),
  ]
  const numbers = Object.fromEntries(Object.entries(said).map(spelt))
  find(".place").textContent = single ? "" : fill(words.cell, { row, column })
  const sentence = fill(words.rule, { ...numbers, value: figure(value, 5) })
  find(".rule").textContent = single ? sentence[0].toUpperCase() + sentence.slice(1) : sentence
  find(".rule").dataset.value = value
  find(".check").textContent = fill(words.check, {
    captured: figure(captured, 5),
    difference: figure(Math.abs(value - captured), 2),
  })
  const field = fieldOf(shown, [row, column])
  find(".seen figcaption").textContent = field
    ? fill(field.whole ? words.field : words.field_cut, {
        ...field,
        bottom: field.bottom - 1,
        right: field.right - 1,
      })
    : words.no_field
}

// decode new data once; where Python only confirms a cell, a visitor who has moved on stays there
function takeOver(kept, data) {
  const shown = unpack(data)
  const same = shown.key === kept.shown?.key
  if (!same || String(shown.cell) !== kept.sent) {
    Object.assign(kept, { cell: shown.cell, hovered: undefined, look: undefined })
  }
  if (!same) kept.slice = kept.spot = undefined
  const [height, width] = shown.picture
  const [rows, columns] = shown.size
  const plane = floats(shown.plane)
  const shade = colouring(shown.signed ? shown.diverging : shown.rising, shown.limits)
  Object.assign(kept, {
    data,
    shown,
    plane,
    sent: undefined,
    opacity: shown.opacity,
    at: reader(shown),
    pixel: (y, x, band) => shown.pixels[3 * (y * width + x) + band],
    kernel: floats(shown.kernel),
    below: [],
    photo: bitmap(width, height, i => shown.pixels.subarray(3 * i, 3 * i + 3)),
    map: bitmap(columns, rows, i => shade(plane[i])),
  })
}
