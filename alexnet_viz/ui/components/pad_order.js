// Things that are put into an order.

function order(pad) {
  const { kept, shown } = pad
  const { labels, words } = shown
  const row = make("div", pad.stage, { class: "order" })
  const placeOf = item => kept.value.indexOf(item)
  const said = item => {
    const place = fill(words.place, { n: placeOf(item) + 1, all: labels.length })
    return fill(words.value, { name: labels[item], value: place })
  }
  // the order after one item moved to a place
  const move = (item, to) => {
    const others = kept.value.filter(each => each !== item)
    others.splice(Math.min(labels.length - 1, Math.max(0, to)), 0, item)
    return others
  }
  const items = labels.map((name, at) => {
    const item = make("div", row, { class: "item", role: "slider", tabindex: 0 }, name)
    item.dataset.at = at
    item.ariaLabel = name
    item.ariaValueMin = 1
    item.ariaValueMax = labels.length
    item.ariaReadOnly = String(!shown.enabled)
    item.onkeydown = event => {
      if (event.key === "Enter") return told(pad)
      const by = arrow(event)
      if (!by || !shown.enabled) return
      keyed(pad, move(at, placeOf(at) + by[0] + by[1]), "")
      item.focus({ preventScroll: true })
      say(pad, said(at))
    }
    item.onpointerdown = event => {
      drag(pad, item, event, items, to => {
        if (to >= 0) changed(pad, move(at, placeOf(to)))
        item.focus({ preventScroll: true })
        say(pad, said(at))
      })
    }
    return item
  })
  return () => {
    kept.value.forEach((item, place) => {
      if (row.children[place] !== items[item]) row.insertBefore(items[item], row.children[place])
      items[item].ariaValueNow = place + 1
      items[item].ariaValueText = fill(words.place, { n: place + 1, all: labels.length })
      items[item].classList.toggle("wrong", Boolean(pad.truth) && pad.truth[place] !== item)
    })
  }
}
