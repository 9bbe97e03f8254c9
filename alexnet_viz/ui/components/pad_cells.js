// A grid of numbers: typed, or painted as shades with a brush; a painted grid may be a kernel whose
// map of a picture is computed during the stroke.

function cells(pad) {
  const { kept, shown, truth } = pad
  const { rows, columns, low, high, step, paint, words } = shown
  const around = make("div", pad.stage, { class: "around" })
  const frame = make("div", around, { class: "frame" })
  frame.style.setProperty("--most", `${columns * shown.side}px`)
  const grid = make("div", frame, { class: paint ? "grid painted" : "grid", role: "grid" })
  grid.ariaLabel = shown.label
  grid.ariaReadOnly = String(!shown.enabled)
  grid.style.aspectRatio = `${columns} / ${rows}`
  grid.style.gridTemplateRows = `repeat(${rows}, 1fr)`
  if (shown.under) {
    grid.style.backgroundImage = `url(${partUrl(pad, "under")})`
  }
  const signed = low < 0
  const far = Math.max(Math.abs(low), Math.abs(high))
  const strength = value => (signed ? Math.abs(value) / far : (value - low) / (high - low || 1))
  const name = at =>
    fill(words.cell, { row: Math.floor(at / columns) + 1, column: (at % columns) + 1 })
  const tell = at => say(pad, spoken(pad, name(at), at))

  const shadeOf = (cell, name, value) => {
    const shade = make("i", cell, { class: name })
    tint(shade, value)
  }
  const tint = (shade, value) => {
    shade.style.setProperty("--strength", strength(value).toFixed(3))
    shade.classList.toggle("negative", value < 0)
  }

  if (truth) kept.active = furthest(pad)
  const boxes = []
  for (let row = 0; row < rows; row++) {
    const line = make("div", grid, { role: "row", class: "line" })
    line.style.gridTemplateColumns = `repeat(${columns}, 1fr)`
    for (let column = 0; column < columns; column++) {
      const at = boxes.length
      const cell = make("div", line, { role: "gridcell", class: "cell", "data-at": at })
      if (paint) shadeOf(cell, "shade", kept.value[at])
      if (paint && truth) shadeOf(cell, "shade true-shade", truth[at])
      const mine = make("b", cell)
      if (truth) {
        make("span", cell, { class: "true" }, read(shown, truth[at]))
      }
      boxes.push({ cell, mine })
      cell.onfocus = () => {
        if (kept.active === at) return
        kept.active = at
        kept.typed = ""
        kept.draw()
      }
    }
  }
  const go = at => {
    kept.active = at
    kept.typed = ""
    kept.draw()
    boxes[at].cell.focus({ preventScroll: true })
  }
  const set = (at, value) => {
    keyed(pad, replaced(kept.value, at, value), "")
    tell(at)
  }
  grid.onkeydown = event => {
    if (event.key === "Enter") return told(pad)
    const at = kept.active
    const by = event.shiftKey || event.ctrlKey ? undefined : arrow(event)
    if (by) {
      const [row, column] = stepped([Math.floor(at / columns), at % columns], by, [rows, columns])
      go(row * columns + column)
      return tell(kept.active)
    }
    if (!shown.enabled) return
    if (event.key === " " && paint) {
      event.preventDefault()
      return set(at, kept.brush)
    }
    const next = keyedValue(pad, event, kept.value[at])
    if (next !== undefined) set(at, next)
  }
  grid.onpointerdown = event => {
    const found = cellUnder(event, grid, [rows, columns])
    if (!found) return
    go(found[0] * columns + found[1])
    if (event.pointerType !== "touch" || paint) event.preventDefault() // the focus stays where it is
    if (!paint || !shown.enabled) return
    let last = found
    stroke(
      pad,
      grid,
      event,
      (_, moved) => {
        const to = cellUnder(moved, grid, [rows, columns])
        if (!to) return
        const value = [...kept.value]
        for (const [row, column] of between(last, to)) value[row * columns + column] = kept.brush
        last = to
        kept.active = to[0] * columns + to[1]
        changed(pad, value)
      },
      () => {
        go(kept.active)
        tell(kept.active)
      },
    )
  }

  // beside the grid: the brush, or the chosen cell's number as a field (a touch has no keys)
  const side = make("label", frame, { class: "side" })
  make("span", side, {}, paint ? words.brush : words.chosen)
  const input = make("input", side, { type: paint ? "range" : "number", min: low, max: high, step })
  input.disabled = !shown.enabled
  const number = make("output", side)
  if (paint) {
    if (kept.brush === undefined || kept.brush < low || kept.brush > high) kept.brush = high
    const brushed = () => {
      kept.brush = Number(input.value)
      number.textContent = withUnit(shown, kept.brush)
      input.ariaValueText = number.textContent
    }
    input.value = kept.brush
    input.oninput = brushed
    brushed()
  } else {
    input.onchange = () => {
      if (input.value === "" || !Number.isFinite(Number(input.value))) return kept.draw()
      changed(pad, replaced(kept.value, kept.active, onStep(shown, Number(input.value))))
      tell(kept.active)
      told(pad)
    }
  }
  const readout =
    paint || truth ? make("div", pad.stage, { class: "readout", "aria-hidden": true }) : null
  const mapped = paint && shown.preview ? mapOf(pad, around) : () => {}
  return () => {
    boxes.forEach(({ cell, mine }, at) => {
      const value = kept.value[at]
      mine.textContent = read(shown, value)
      cell.tabIndex = at === kept.active ? 0 : -1
      cell.ariaSelected = String(at === kept.active)
      cell.ariaLabel = spoken(pad, name(at), at)
      if (truth) cell.classList.toggle("unlike", truth[at] !== value)
      if (!paint) return
      tint(cell.firstChild, value)
    })
    if (readout) readout.textContent = spoken(pad, name(kept.active), kept.active)
    if (!paint && focusedIn(pad) !== input) input.value = kept.value[kept.active]
    mapped()
  }
}

const focusedIn = ({ root }) => root.getRootNode().activeElement

// the cells on the straight line from one to another
function between([row, column], [toRow, toColumn]) {
  const count = Math.max(1, Math.abs(toRow - row), Math.abs(toColumn - column))
  return Array.from({ length: count + 1 }, (_, i) => [
    Math.round(row + ((toRow - row) * i) / count),
    Math.round(column + ((toColumn - column) * i) / count),
  ])
}

// the picture and its map under the painted kernel; what it returns computes the map anew
function mapOf({ kept, shown }, around) {
  const [height, width] = shown.preview
  const { rows, columns, words } = shown
  const grey = Float32Array.from(shown.grey, value => value / 255)
  const figures = [words.picture, ""].map(caption => {
    const whole = make("figure", around, { class: "map" })
    const canvas = make("canvas", whole, { role: "img", "aria-label": caption || words.map })
    return { canvas, caption: make("figcaption", whole, {}, caption) }
  })
  const [seen, map] = figures
  bitmap(width, height, i => [shown.grey[i], shown.grey[i], shown.grey[i]], seen.canvas)
  return () => {
    const [tall, wide] = [height - rows + 1, width - columns + 1]
    if (tall < 1 || wide < 1) return
    const { values, far, mean } = convolved(grey, width, kept.value, [rows, columns], [tall, wide])
    const pixels = new ImageData(wide, tall)
    const [cold, warm] = [shown.colours.negative, shown.colours.positive].map(rgb)
    values.forEach((value, i) => {
      pixels.data.set(value < 0 ? cold : warm, 4 * i)
      pixels.data[4 * i + 3] = far ? (255 * Math.abs(value)) / far : 0 // zero is the ground
    })
    Object.assign(map.canvas, { width: wide, height: tall })
    map.canvas.getContext("2d").putImageData(pixels, 0, 0)
    const range = fill(words.map, { low: figure(-far, 3), high: figure(far, 3) })
    map.caption.textContent = `${range}; ${fill(words.mean, { value: figure(mean, 3) })}`
    map.canvas.ariaLabel = map.caption.textContent
  }
}

// the kernel's map of a picture, without padding and without turning the kernel over; the largest
// absolute value and the mean of the absolute values
function convolved(grey, width, kernel, [rows, columns], [tall, wide]) {
  const values = new Float32Array(tall * wide)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const weight = kernel[row * columns + column]
      if (!weight) continue
      for (let y = 0; y < tall; y++) {
        const from = (y + row) * width + column
        for (let x = 0; x < wide; x++) values[y * wide + x] += weight * grey[from + x]
      }
    }
  }
  let [far, sum] = [0, 0]
  for (const value of values) {
    far = Math.max(far, Math.abs(value))
    sum += Math.abs(value)
  }
  return { values, far, mean: sum / values.length }
}

const rgb = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16))
