// A rectangle of whole pixels on a picture: drawn, moved, or changed at its edges and corners.

const GRIP = 14 // how near, in CSS pixels, the pointer takes hold of an edge

function box(pad) {
  const { kept, shown, truth } = pad
  const { width, height, words } = shown
  const whole = make("div", pad.stage, { class: "boxed" })
  whole.style.setProperty("--most", `${(((shown.tall ?? 380) * width) / height).toFixed(1)}px`)
  const surface = make("div", whole, {
    class: "surface",
    tabindex: 0,
    role: "application",
    "data-at": 0,
  })
  surface.style.aspectRatio = `${width} / ${height}`
  if (shown.under) {
    make("img", surface, { src: partUrl(pad, "under"), alt: "", draggable: false })
  }
  const put = (element, [left, top, right, bottom]) => {
    lay(element, [left / width, top / height, (right - left) / width, (bottom - top) / height])
  }
  if (truth) put(make("div", surface, { class: "rectangle truth-box" }), truth)
  const mine = make("div", surface, { class: "rectangle yours-box" })
  if (shown.enabled) {
    for (const [x, y] of [0, 50, 100].flatMap(x => [0, 50, 100].map(y => [x, y]))) {
      if (x === 50 && y === 50) continue
      const handle = make("i", mine, { class: "handle" })
      handle.style.left = `${x}%`
      handle.style.top = `${y}%`
    }
  }
  const described = ([left, top, right, bottom]) => {
    const size = { width: right - left, height: bottom - top }
    return fill(words.box, { left, top, right: right - 1, bottom: bottom - 1, ...size })
  }
  const lines = make("div", whole, { class: "sides" })
  const said = make("div", lines)
  if (truth)
    make("div", lines, {}, fill(words.value, { name: words.truth, value: described(truth) }))

  // which sides [left, top, right, bottom] the pointer takes hold of; all four inside the box
  const held = ([x, y]) => {
    const { width: wide, height: tall } = surface.getBoundingClientRect()
    const [left, top, right, bottom] = kept.value
    const far = (share, side, pixels, length) => Math.abs(share - side / pixels) * length
    const alongX = x > left / width - GRIP / wide && x < right / width + GRIP / wide
    const alongY = y > top / height - GRIP / tall && y < bottom / height + GRIP / tall
    if (!alongX || !alongY) return null
    const [west, east] = [left, right].map(side => far(x, side, width, wide))
    const [north, south] = [top, bottom].map(side => far(y, side, height, tall))
    const sides = [
      west < GRIP && west <= east,
      north < GRIP && north <= south,
      east < GRIP && east < west,
      south < GRIP && south < north,
    ]
    return sides.some(Boolean) ? sides : [true, true, true, true]
  }
  const clamp = (value, least, most) => Math.min(most, Math.max(least, value))
  const pixel = ([x, y]) => [
    clamp(Math.floor(x * width), 0, width - 1),
    clamp(Math.floor(y * height), 0, height - 1),
  ]
  surface.onpointerdown = event => {
    if (!shown.enabled) return
    surface.focus({ preventScroll: true })
    const start = within(event, surface)
    const sides = held(start)
    const [startX, startY] = pixel(start)
    stroke(
      pad,
      surface,
      event,
      at => {
        if (!sides) {
          const [x, y] = pixel(at)
          const ends = [
            [startX, x],
            [startY, y],
          ].map(pair => [Math.min(...pair), Math.max(...pair) + 1])
          return changed(pad, [ends[0][0], ends[1][0], ends[0][1], ends[1][1]])
        }
        const by = [0, 1].map(axis => Math.round((at[axis] - start[axis]) * [width, height][axis]))
        changed(pad, moved(kept.base, sides, by))
      },
      () => say(pad, described(kept.value)),
    )
  }
  // the box with some of its sides moved by whole pixels; with all of them it keeps its size
  const moved = ([left, top, right, bottom], [west, north, east, south], [x, y]) => {
    if (west && east && north && south) {
      const [dx, dy] = [clamp(x, -left, width - right), clamp(y, -top, height - bottom)]
      return [left + dx, top + dy, right + dx, bottom + dy]
    }
    return [
      west ? clamp(left + x, 0, right - 1) : left,
      north ? clamp(top + y, 0, bottom - 1) : top,
      east ? clamp(right + x, left + 1, width) : right,
      south ? clamp(bottom + y, top + 1, height) : bottom,
    ]
  }
  surface.onkeydown = event => {
    if (event.key === "Enter") return told(pad)
    if (!shown.enabled) return
    const by = arrow(event)
    if (!by) return
    const far = Math.max(1, Math.round(Math.max(width, height) / 20))
    const step = event.ctrlKey ? far : 1
    const sides = event.shiftKey ? [false, false, true, true] : [true, true, true, true]
    keyed(pad, moved(kept.value, sides, [by[1] * step, by[0] * step]), "")
    say(pad, described(kept.value))
  }
  return () => {
    put(mine, kept.value)
    const text = described(kept.value)
    said.textContent = truth ? fill(words.value, { name: words.yours, value: text }) : text
    surface.ariaLabel = fill(words.value, { name: shown.label, value: said.textContent })
  }
}
