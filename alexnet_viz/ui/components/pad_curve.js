// A curve through equally spaced points, drawn with one stroke.

const SVG = "http://www.w3.org/2000/svg"

function curve(pad) {
  const { kept, shown, truth } = pad
  const { low, high, step, count, labels } = shown
  const whole = make("div", pad.stage, { class: "curve" })
  whole.style.height = `${shown.tall ?? 260}px`
  const scale = make("div", whole, { class: "scale", "aria-hidden": true })
  const plot = make("div", whole, { class: "plot" })
  const below = make("div", whole, { class: "below", "aria-hidden": true })
  const readout = make("div", whole, { class: "readout", "aria-hidden": true })
  const across = at => (count > 1 ? (100 * at) / (count - 1) : 50)
  const down = value => 100 - (100 * (value - low)) / (high - low || 1)

  for (const value of [high, (low + high) / 2, low]) {
    const mark = make("span", scale, {}, withUnit(shown, value))
    mark.style.top = `${down(value)}%`
    make("i", plot, { class: "rule" }).style.top = `${down(value)}%`
  }
  // names of points: all if they are few, otherwise the ends and the middle
  const named = count <= 6 ? labels.keys() : [0, Math.floor((count - 1) / 2), count - 1]
  for (const at of named) make("span", below, {}, labels[at]).style.left = `${across(at)}%`

  const picture = document.createElementNS(SVG, "svg")
  for (const [name, value] of [
    ["viewBox", "0 0 100 100"],
    ["preserveAspectRatio", "none"],
    ["aria-hidden", "true"],
  ]) {
    picture.setAttribute(name, value)
  }
  plot.append(picture)
  const line = (values, name) => {
    const path = document.createElementNS(SVG, "polyline")
    path.setAttribute("class", name)
    picture.append(path)
    const put = to => {
      path.setAttribute("points", to.map((each, at) => `${across(at)},${down(each)}`).join(" "))
    }
    put(values)
    return put
  }
  if (truth) {
    kept.active = furthest(pad) // the line below the curve says both numbers there
    line(truth, "truth-line")
    truth.forEach((value, at) => {
      const mark = make("i", plot, { class: "true-point" })
      mark.style.left = `${across(at)}%`
      mark.style.top = `${down(value)}%`
    })
  }
  const mine = line(kept.value, "yours-line")
  const points = labels.map((name, at) => {
    const point = make("div", plot, { class: "point", role: "slider", "data-at": at })
    point.ariaLabel = name
    point.ariaOrientation = "vertical"
    point.ariaValueMin = low
    point.ariaValueMax = high
    point.ariaReadOnly = String(!shown.enabled)
    point.style.left = `${across(at)}%`
    point.onfocus = () => {
      if (kept.active !== at) go(at, false)
    }
    point.onkeydown = event => {
      if (event.key === "Enter") return told(pad)
      const to = { ArrowLeft: at - 1, ArrowRight: at + 1 }[event.key]
      if (to !== undefined) {
        event.preventDefault()
        return go(Math.min(count - 1, Math.max(0, to)), true)
      }
      if (!shown.enabled) return
      const next = keyedValue(pad, event, kept.value[at], { ArrowUp: step, ArrowDown: -step })
      if (next === undefined) return
      keyed(pad, replaced(kept.value, at, next), "")
      say(pad, spoken(pad, name, at))
    }
    return point
  })
  const go = (at, focus) => {
    kept.active = at
    kept.typed = ""
    kept.draw()
    if (focus) points[at].focus({ preventScroll: true })
  }

  plot.onpointerdown = event => {
    let last
    stroke(
      pad,
      plot,
      event,
      ([x, y]) => {
        const place = Math.min(1, Math.max(0, x)) * (count - 1)
        const to = [place, low + (1 - Math.min(1, Math.max(0, y))) * (high - low)]
        changed(pad, swept(shown, kept.value, last ?? to, to))
        kept.active = Math.round(place)
        last = to
      },
      () => {
        go(kept.active, true)
        say(pad, spoken(pad, labels[kept.active], kept.active))
      },
    )
  }
  return () => {
    mine(kept.value)
    points.forEach((point, at) => {
      const value = kept.value[at]
      point.style.top = `${down(value)}%`
      point.tabIndex = at === kept.active ? 0 : -1
      point.classList.toggle("active", at === kept.active)
      point.ariaValueNow = value
      point.ariaValueText = truth ? spoken(pad, labels[at], at) : withUnit(shown, value)
    })
    readout.textContent = spoken(pad, labels[kept.active], kept.active)
  }
}

// the points that a stroke from [place, value] to another passes, and the nearest to its end
function swept(shown, values, [from, before], [to, after]) {
  const next = [...values]
  const nearest = Math.round(to)
  next[nearest] = onStep(shown, after)
  const [first, last] = [Math.ceil(Math.min(from, to)), Math.floor(Math.max(from, to))]
  for (let at = first; at <= last; at++) {
    if (to === from) continue
    next[at] = onStep(shown, before + ((after - before) * (at - from)) / (to - from))
  }
  return next
}
