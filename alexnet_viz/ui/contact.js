// Which tile of a contact sheet is under the pointer; answered in the browser.

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".contact")
  const frame = root.querySelector(".frame")
  const image = root.querySelector("img")
  const tip = root.querySelector(".tip")
  const [chosen, pointed] = root.querySelectorAll(".mark")
  const [width, height] = data.size
  const [across, down] = data.tile

  if (image.src !== data.src) image.src = data.src
  image.alt = root.ariaLabel = data.alt
  frame.style.aspectRatio = `${width} / ${height}`
  frame.style.maxWidth = `${Math.max(8 * width, 320)}px`
  // enlarged pixels stay sharp; reduced ones are averaged, or some gaps between maps would vanish
  const sharpen = () => {
    image.style.imageRendering = frame.clientWidth >= width ? "pixelated" : "auto"
  }
  const observer = new ResizeObserver(sharpen)
  observer.observe(frame)

  const put = (mark, place) => {
    mark.hidden = place === null || place < 0
    if (mark.hidden) return
    mark.style.left = `${(100 * (place % data.columns) * across) / width}%`
    mark.style.top = `${(100 * Math.floor(place / data.columns) * down) / height}%`
    mark.style.width = `${(100 * across) / width}%`
    mark.style.height = `${(100 * down) / height}%`
  }
  let place = data.order.indexOf(data.selected)
  const show = at => {
    put(pointed, at)
    tip.textContent = data.labels[at ?? place] ?? ""
  }
  const under = event => {
    const box = frame.getBoundingClientRect()
    const column = Math.floor((((event.clientX - box.left) / box.width) * width) / across)
    const row = Math.floor((((event.clientY - box.top) / box.height) * height) / down)
    const at = row * data.columns + column
    return column >= 0 && column < data.columns && at >= 0 && at < data.order.length ? at : null
  }
  const pick = at => {
    if (at === null || at < 0 || at >= data.order.length) return
    place = at
    put(chosen, at)
    show(null)
    setStateValue("channel", data.order[at])
  }
  put(chosen, place)
  show(null)
  frame.onmousemove = event => show(under(event))
  frame.onmouseleave = () => show(null)
  frame.onclick = event => pick(under(event))
  root.onkeydown = event => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: data.columns, ArrowUp: -data.columns }[event.key]
    if (!step) return
    event.preventDefault()
    pick(place + step)
  }
  return () => observer.disconnect()
}
