// Moves the focus to the summary of a check, once for each: whoever cannot see the page hears the
// answer, and a keyboard goes on from there. A link inside it leads to its row.
(() => {
  let last = null
  const look = () => {
    const summary = document.querySelector('[data-focus]')
    if (summary === null || summary.dataset.focus === last) return
    last = summary.dataset.focus
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
