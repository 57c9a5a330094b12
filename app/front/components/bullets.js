// One list of rows; a row is a link, so the keyboard and the middle button work as anywhere.
const SVG = 'http://www.w3.org/2000/svg'

function element(tag, className, text) {
  const made = document.createElement(tag)
  made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

function course(values, over) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 84 26')
  svg.setAttribute('width', '84')
  svg.setAttribute('class', 'course')
  svg.setAttribute('aria-hidden', 'true')
  const known = values.filter((value) => value !== null)
  if (known.length < 2) return svg
  const low = Math.min(...known)
  const span = Math.max(...known) - low || 1
  let path = ''
  let pen = 'M'
  values.forEach((value, index) => {
    if (value === null) { pen = 'M'; return }
    const x = 2 + (index * 80) / (values.length - 1)
    const y = 22 - ((value - low) / span) * 18
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`
    pen = 'L'
  })
  const line = document.createElementNS(SVG, 'path')
  line.setAttribute('d', path)
  line.setAttribute('fill', 'none')
  line.setAttribute('stroke', over ? '#c9730a' : '#0c6b4e')
  line.setAttribute('stroke-width', '1.6')
  svg.append(line)
  return svg
}

function meter(row, scale, words) {
  const part = (value) => `${(Math.max(0, Math.min(1, value / scale)) * 100).toFixed(2)}%`
  const box = element('div', 'meter')
  box.setAttribute('role', 'img')
  box.setAttribute('aria-label', `${row.intensity_text}, ${words.mark} ${row.mark.toFixed(4)}`)
  box.append(element('span', 'track'))
  if (row.q1 !== null && row.q3 !== null) {
    const middle = element('span', 'middle')
    middle.style.left = part(row.q1)
    middle.style.width = part(Math.min(row.q3, scale) - row.q1)
    box.append(middle)
  }
  const value = element('span', `value ${row.tier ?? ''}`)
  value.style.width = part(row.intensity)
  box.append(value)
  if (row.intensity > scale) box.append(element('span', 'beyond'))
  const mark = element('span', 'target')
  mark.style.left = part(row.mark)
  box.append(mark)
  return box
}

function rowOf(row, scale, words, open) {
  const link = element('a', 'row')
  link.href = `/enterprise?uscc=${encodeURIComponent(row.id)}`
  link.title = `${row.name} · ${words.open}`
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    open(row.id)
  }
  const over = row.intensity > row.mark
  const firm = element('span', 'of-firm')
  firm.append(element('span', 'name', row.name), element('span', 'sub', row.sub))
  const line = element('span', 'of-course')
  line.append(course(row.months, over))
  const bar = element('span', 'of-meter')
  bar.append(meter(row, scale, words))
  const ratio = element('b', 'number of-intensity', row.intensity_text)
  const change = element('span', 'number of-change')
  const flat = !/[1-9]/.test(row.change_text)
  change.append(element('span', `pill ${flat ? 'flat' : row.rising ? 'up' : 'down'}`, row.change_text))
  link.append(
    element('span', 'rank of-rank', row.rank), firm, line, bar, ratio, change,
    element('span', 'number of-excess', row.excess_text),
  )
  const item = document.createElement('li')
  item.append(link)
  return item
}

export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector('.bullets')
  if (!root) {
    root = element('div', 'bullets')
    parentElement.append(root)
  }
  const words = data.words
  const head = element('div', 'head')
  head.setAttribute('aria-hidden', 'true')
  head.append(
    element('span', 'rank of-rank', ''), element('span', 'of-firm', words.firm),
    element('span', 'of-course', words.course), element('span', 'of-meter', words.bullet),
    element('span', 'number of-intensity', words.intensity), element('span', 'number of-change', words.change),
    element('span', 'number of-excess', words.excess),
  )
  const list = document.createElement('ul')
  const open = (id) => setTriggerValue('open', id)
  data.rows.forEach((row) => list.append(rowOf(row, data.scale, words, open)))
  root.replaceChildren(head, list)
}
