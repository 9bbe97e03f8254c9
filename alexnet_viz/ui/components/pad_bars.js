// Bars that lie, each with its name and its number; shares are bars whose sum stays the same.

function bars(pad) {
  const { kept, shown, truth } = pad
  const { low, high } = shown
  const list = make("div", pad.stage, { class: "bars" })
  if (shown.tall) list.style.minHeight = `${shown.tall}px`
  const share = value => (100 * (value - low)) / (high - low || 1)
  const put = (bar, value) => {
    const ground = share(Math.min(high, Math.max(low, 0)))
    const [from, to] = [ground, Math.min(100, Math.max(0, share(value)))].sort((a, b) => a - b)
    bar.style.left = `${from}%`
    bar.style.width = `${to - from}%`
    bar.classList.toggle("negative", value < 0)
  }
  const set = (at, value) => {
    const next = onStep(shown, value)
    if (shown.kind === "bars") return replaced(kept.value, at, next)
    return shared(shown, (kept.base ??= kept.value), at, next)
  }
  const rows = shown.labels.map((name, at) => {
    const row = make("div", list, { class: "row" })
    make("span", row, { class: "name" }, name)
    const track = make("div", row, { class: "track", tabindex: 0, role: "slider", "data-at": at })
    track.ariaLabel = name
    track.ariaValueMin = low
    track.ariaValueMax = high
    track.ariaReadOnly = String(!shown.enabled)
    const yours = make("i", track, { class: "yours" })
    if (truth) put(make("i", track, { class: "truth" }), truth[at])
    const number = make("span", row, { class: "number" })
    const mine = make("b", number)
    if (truth) make("span", number, {}, withUnit(shown, truth[at]))
    track.onpointerdown = event => {
      track.focus({ preventScroll: true })
      stroke(
        pad,
        track,
        event,
        ([x]) => changed(pad, set(at, low + x * (high - low))),
        () => say(pad, spoken(pad, name, at)),
      )
    }
    track.onkeydown = event => {
      if (!shown.enabled) return
      if (event.key === "Enter") return told(pad)
      const { step } = shown
      const steps = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step }
      const next = keyedValue(pad, event, kept.value[at], steps)
      if (next === undefined) return
      const value = set(at, next)
      keyed(pad, value, "")
      say(pad, spoken(pad, name, at))
    }
    return { track, yours, mine, name }
  })
  const scale = make("div", list, { class: "row axis", "aria-hidden": true })
  make("span", scale, { class: "name" })
  const ends = make("div", scale, { class: "ends" })
  for (const end of [low, high]) make("span", ends, {}, withUnit(shown, end))
  make("span", scale, { class: "number" })
  return () => {
    rows.forEach(({ track, yours, mine, name }, at) => {
      const value = kept.value[at]
      put(yours, value)
      mine.textContent = withUnit(shown, value)
      track.ariaValueNow = value
      track.ariaValueText = truth ? spoken(pad, name, at) : withUnit(shown, value)
    })
  }
}

// shares with one of them changed: what the others have above the lowest value gives way in
// proportion, in whole steps (largest remainders first), so that the sum stays ``high``
function shared({ low, high, step }, base, at, value) {
  const others = base.length - 1
  if (!others) return [high]
  const mine = Math.min(value, high - others * low)
  const spare = high - mine - others * low
  const above = base.map(each => each - low)
  const sum = above.reduce((total, each, i) => (i === at ? total : total + each), 0)
  const exact = above.map(each => (sum > 0 ? (spare * each) / sum : spare / others))
  const whole = exact.map(each => Math.floor(each / step + 1e-9))
  const order = exact.map((each, i) => i).filter(i => i !== at)
  order.sort((a, b) => exact[b] / step - whole[b] - (exact[a] / step - whole[a]))
  let left = Math.round(spare / step) - order.reduce((total, i) => total + whole[i], 0)
  for (const i of order) if (left-- > 0) whole[i]++
  return base.map((each, i) => (i === at ? mine : Number((low + whole[i] * step).toFixed(10))))
}
