// A picture and maps over it, divided by a line: left of it the picture, right of it the map.
// Line, opacity and the value under the pointer are the same for all panes and need no server.

export default function ({ data, parentElement }) {
  const { find, kept } = mounted(parentElement, "wipe", { line: 35 })
  if (kept.data !== data) {
    kept.data = data
    kept.shown = unpack(data)
    pictureUrl(kept, kept.shown.seen)
  }
  const { size, panes, words } = kept.shown
  kept.opacity ??= kept.shown.opacity
  const [rows, columns] = size

  find(".panes").replaceChildren()
  const drawn = panes.map((pane, number) => {
    const [low, high] = pane.limits
    const colours = kept.shown[`colours${number}`]
    const steps = kept.shown[`steps${number}`]
    const last = colours.length / 3 - 1
    const whole = make("figure", find(".panes"))
    make("figcaption", whole, {}, pane.title)
    const stage = make("div", whole, { class: "stage" })
    stage.style.aspectRatio = `${columns} / ${rows}` // its height before the picture is decoded
    make("img", stage, { src: kept.url, alt: "", draggable: false })
    const over = make("canvas", stage, { role: "img", "aria-label": pane.alt })
    bitmap(columns, rows, i => colours.subarray(3 * steps[i], 3 * steps[i] + 3), over)
    const line = make("div", stage, { class: "line" })
    const scale = make("div", whole, { class: "scale" })
    make("span", scale, {}, spelled(low))
    make("i", scale, { class: "strip" }).style.background = gradient(colours)
    make("span", scale, {}, spelled(high))
    const value = at => about(low + ((high - low) * steps[at]) / last, (high - low) / last)
    return { stage, over, line, value, title: pane.title }
  })

  const [lineAt, opacity] = [find(".line-at input"), find(".opacity input")]
  find(".line-at span").textContent = words.line
  find(".opacity span").textContent = words.opacity
  const show = () => {
    kept.line = Number(lineAt.value)
    kept.opacity = Number(opacity.value)
    for (const { over, line } of drawn) {
      over.style.clipPath = `inset(0 0 0 ${kept.line}%)`
      over.style.opacity = kept.opacity / 100
      line.style.left = `${kept.line}%`
    }
  }
  lineAt.value = kept.line
  opacity.value = kept.opacity
  lineAt.oninput = opacity.oninput = show
  show()

  const rest = () => {
    find(".tip").textContent = words.hint
  }
  for (const { stage } of drawn) {
    stage.onpointerdown = event => {
      stage.setPointerCapture(event.pointerId)
      stage.onpointermove(event)
    }
    stage.onpointermove = event => {
      if (event.buttons & 1) {
        lineAt.value = 100 * within(event, stage)[0]
        show()
      }
      const cell = cellUnder(event, stage, size)
      if (!cell) return
      const [row, column] = cell
      const values = drawn.map(each => {
        const value = each.value(row * columns + column)
        return drawn.length > 1 ? `${each.title} ${value}` : value
      })
      find(".tip").textContent = fill(words.value, { row, column, value: values.join(" · ") })
    }
    stage.onpointerleave = rest
  }
  rest()
}
