// A row of small pictures, one of them chosen; a click or the arrow keys choose another.

export default function ({ data, parentElement, setStateValue }) {
  const row = parentElement.querySelector(".thumbnails")
  row.setAttribute("aria-label", data.label)
  const pick = index => {
    const { name } = data.pictures[index]
    data.chosen = name
    show()
    setStateValue("picked", name)
  }
  const buttons = data.pictures.map(({ image, title }, index) => {
    const button = document.createElement("button")
    button.type = "button"
    button.title = title
    button.setAttribute("role", "radio")
    const picture = document.createElement("img")
    Object.assign(picture, { src: image, alt: title })
    button.append(picture)
    button.onclick = () => pick(index)
    button.onkeydown = event => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
      if (!step) return
      const next = (index + step + buttons.length) % buttons.length
      buttons[next].focus()
      pick(next)
      event.preventDefault()
    }
    return button
  })
  const show = () => {
    const chosen = data.pictures.findIndex(({ name }) => name === data.chosen)
    buttons.forEach((button, index) => {
      button.setAttribute("aria-checked", String(index === chosen))
      button.tabIndex = index === Math.max(0, chosen) ? 0 : -1
    })
  }
  row.replaceChildren(...buttons)
  show()
}
