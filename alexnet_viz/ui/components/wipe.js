// A picture and maps over it, parted by a line: left of it the picture, right of it the map.
// Line, opacity and the value under the pointer are answered here, for all panes together.

const memory = new WeakMap()

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".wipe")
  const find = name => root.querySelector(name)
  const kept = memory.get(root) ?? { line: 35, opacity: 75 }
  memory.set(root, kept)
  if (kept.data !== data) {
    kept.data = data
    kept.shown = unpack(data)
    URL.revokeObjectURL(kept.url)
    kept.url = URL.createObjectURL(new Blob([kept.shown.seen], { type: "image/png" }))
  }
  const { size: [rows, columns], panes, words, file } = kept.shown
  const make = (tag, parent, name = "", text = "") => {
    const element = document.createElement(tag)
    if (name) element.className = name
    element.textContent = text
    parent.append(element)
    return element
  }

  find(".panes").replaceChildren()
  const drawn = panes.map((pane, number) => {
    const [low, high] = pane.limits
    const colours = kept.shown[`colours${number}`]
    const steps = kept.shown[`steps${number}`]
    const last = colours.length / 3 - 1
    const whole = make("figure", find(".panes"))
    make("figcaption", whole, "", pane.title)
    const stage = make("div", whole, "stage")
    const image = make("img", stage)
    image.src = kept.url
    image.alt = ""
    image.draggable = false
    const over = make("canvas", stage)
    over.width = columns
    over.height = rows
    over.role = "img"
    over.ariaLabel = pane.alt
    const pixels = new ImageData(columns, rows)
    steps.forEach((step, i) => {
      const at = 3 * step
      pixels.data.set([colours[at], colours[at + 1], colours[at + 2], 255], 4 * i)
    })
    over.getContext("2d").putImageData(pixels, 0, 0)
    const line = make("div", stage, "line")
    const scale = make("div", whole, "scale")
    make("span", scale, "", spelled(low))
    make("i", scale, "strip").style.background = gradient(colours)
    make("span", scale, "", spelled(high))
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

  const share = (event, stage) => {
    const box = stage.getBoundingClientRect()
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
  }
  const rest = () => {
    find(".tip").textContent = words.hint
  }
  for (const { stage } of drawn) {
    stage.onpointerdown = event => {
      stage.setPointerCapture(event.pointerId)
      stage.onpointermove(event)
    }
    stage.onpointermove = event => {
      const [x, y] = share(event, stage)
      if (event.buttons & 1) {
        lineAt.value = 100 * x
        show()
      }
      const [row, column] = [Math.floor(y * rows), Math.floor(x * columns)]
      if (row < 0 || row >= rows || column < 0 || column >= columns) return
      const values = drawn.map(each => {
        const value = each.value(row * columns + column)
        return drawn.length > 1 ? `${each.title} ${value}` : value
      })
      find(".tip").textContent = fill(words.value, { row, column, value: values.join(" · ") })
    }
    stage.onpointerleave = rest
  }
  rest()

  // what is on the screen, each pixel of the picture three wide
  find(".save").onclick = () => {
    const [zoom, gap] = [3, 12]
    const sheet = document.createElement("canvas")
    sheet.width = zoom * columns * drawn.length + gap * (drawn.length - 1)
    sheet.height = zoom * rows
    const pen = sheet.getContext("2d")
    pen.imageSmoothingEnabled = false
    drawn.forEach(({ stage, over }, number) => {
      const left = number * (zoom * columns + gap)
      const cut = Math.round((columns * kept.line) / 100)
      pen.globalAlpha = 1
      pen.drawImage(stage.querySelector("img"), left, 0, zoom * columns, zoom * rows)
      pen.globalAlpha = kept.opacity / 100
      if (cut < columns) {
        const wide = columns - cut
        pen.drawImage(over, cut, 0, wide, rows, left + zoom * cut, 0, zoom * wide, zoom * rows)
      }
    })
    const link = document.createElement("a")
    link.href = sheet.toDataURL("image/png")
    link.download = `${file}.png`
    link.click()
  }
}
