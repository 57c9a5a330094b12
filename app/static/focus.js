// Moves the focus to the summary of a check, once for each: whoever cannot see the page hears the
// answer, and a keyboard goes on from there. A link inside it leads to its row.
(() => {
  let last = null
  let shown = null
  const look = () => {
    const summary = document.querySelector('[data-focus]')
    if (summary === null) return
    // Drawn anew by a later run, it takes its lost focus back; a clerk who has gone on keeps theirs.
    const lost = summary !== shown && document.activeElement === document.body
    if (summary.dataset.focus === last && !lost) return
    last = summary.dataset.focus
    shown = summary
    summary.focus({ preventScroll: true })
    summary.scrollIntoView({ block: 'nearest' })
  }
  new MutationObserver(look).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-focus'] })
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('.verdict a[href^="#"]')
    const row = link && document.getElementById(link.getAttribute('href').slice(1))
    if (!row) return
    event.preventDefault()
    row.tabIndex = -1
    row.focus({ preventScroll: true })
    row.scrollIntoView({ block: 'center' })
  })
})()
