// Things, words or small pictures, that are put into bins.

function sort(pad) {
  const { kept, shown, truth } = pad
  const { labels, words } = shown
  const whole = make("div", pad.stage, { class: "bins" })
  const places = shown.bins.map(name => {
    const bin = make("div", whole, { class: "bin" })
    make("div", bin, { class: "bin-name" }, name)
    return { bin, name, held: make("div", bin, { class: "held" }) }
  })
  const last = places.length - 1
  const move = (at, bin) => replaced(kept.value, at, Math.min(last, Math.max(0, bin)))
  const said = at => {
    return fill(words.value, { name: labels[at], value: places[kept.value[at]].name })
  }
  const items = labels.map((name, at) => {
    const item = make("div", places[0].held, { class: "item", role: "slider", tabindex: 0 })
    item.dataset.at = at
    item.ariaLabel = name
    item.ariaValueMin = 0
    item.ariaValueMax = last
    item.ariaReadOnly = String(!shown.enabled)
    if (shown[`picture${at}`]) {
      make("img", item, { src: partUrl(pad, `picture${at}`), alt: "", draggable: false })
      item.title = name
    }
    make("span", item, {}, name)
    const verdict = truth ? make("span", item, { class: "verdict" }) : null
    item.onkeydown = event => {
      if (event.key === "Enter") return told(pad)
      const by = arrow(event)
      if (!by || !by[1] || !shown.enabled) return
      keyed(pad, move(at, kept.value[at] + by[1]), "")
      item.focus({ preventScroll: true })
      say(pad, said(at))
    }
    item.onpointerdown = event => {
      const bins = places.map(({ bin }) => bin)
      drag(pad, item, event, bins, to => {
        if (to >= 0 && to !== kept.value[at]) changed(pad, move(at, to))
        item.focus({ preventScroll: true })
        say(pad, said(at))
      })
    }
    return { item, verdict }
  })
  return () => {
    items.forEach(({ item, verdict }, at) => {
      const bin = kept.value[at]
      const home = places[bin].held
      if (item.parentElement !== home) {
        const after = [...home.children].find(other => Number(other.dataset.at) > at)
        home.insertBefore(item, after ?? null)
      }
      item.ariaValueNow = bin
      item.ariaValueText = places[bin].name
      if (!truth) return
      const right = truth[at] === bin
      item.classList.toggle("wrong", !right)
      const verdictWords = right
        ? words.right
        : fill(words.belongs, { bin: places[truth[at]].name })
      verdict.textContent = `${right ? "✓" : "✗"} ${verdictWords}`
      item.ariaValueText = `${places[bin].name}, ${verdictWords}`
    })
  }
}
