// Streamlit has no translations: its few fixed words are replaced where they appear. Exact
// matches only, and never inside our own markup or a table of data.
(() => {
  if (document.documentElement.lang !== 'zh-CN') return
  const WORDS = {
    'Choose an option': '请选择', 'No results': '没有匹配项', 'Clear value': '清除', 'Clear all': '清除',
    'Open': '展开', 'Search': '搜索', 'Fullscreen': '全屏', 'Close fullscreen': '退出全屏',
    'Show data': '查看数据', 'Hide data': '返回图表', 'Download as PNG': '下载图片', 'Copy Vega-Lite spec': '复制图表定义',
    'Running...': '正在计算…', 'Stop': '停止', 'Connecting...': '正在连接…', 'Connection error': '连接中断',
    'Close': '关闭', 'Next page': '下一页', 'Previous page': '上一页', 'Pagination': '翻页', 'Print': '打印', 'Settings': '设置', 'Rerun': '刷新',
    'Page not found': '没有这个页面', 'Expand sidebar': '展开侧栏', 'Collapse sidebar': '收起侧栏', 'Sidebar': '侧栏', 'App pages': '页面', 'Skip to main content': '跳到正文', 'Navigate to home page': '回到首页',
    'Upload': '选择文件', 'Add files': '再选文件', 'Drag and drop a file here': '把文件拖到这里', 'Drag and drop files here': '把文件拖到这里',
  }
  const PATTERNS = [[/^Help for (.+)$/, '说明：$1'], [/^Page (\d+)$/, '第 $1 页'], [/^Show data: (.+)$/, '查看数据：$1'], [/^Fullscreen: (.+)$/, '全屏：$1'], [/^Download as PNG: (.+)$/, '下载图片：$1'], [/^(\d+[KMG]B) per file$/, '单个文件不超过 $1'], [/^File must be (\d+[KMG]B) or smaller\.$/, '文件太大：不能超过 $1，请只上传本企业的报表'], [/^Remove (.+)$/, '移除 $1'], [/^Copy Vega-Lite spec: (.+)$/, '复制图表定义：$1']]
  const ATTRIBUTES = ['aria-label', 'title', 'placeholder', 'data-tooltip']
  const OURS = '.stHtml, [data-testid=stSelectbox] [role=option], canvas, code'

  const translated = (text) => {
    const word = text.trim()
    if (Object.hasOwn(WORDS, word)) return text.replace(word, WORDS[word])
    const found = PATTERNS.find(([pattern]) => pattern.test(word))
    return found ? word.replace(found[0], found[1]) : text
  }
  const ours = (element) => element !== null && element.closest(OURS) !== null
  const translateText = (node) => {
    if (ours(node.parentElement)) return
    const text = translated(node.data)
    if (text !== node.data) node.data = text
  }
  const translateAttributes = (element) => {
    for (const name of ATTRIBUTES) {
      const value = element.getAttribute(name)
      if (value === null) continue
      const text = translated(value)
      if (text !== value) element.setAttribute(name, text)
    }
  }
  const visit = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return translateText(node)
    if (node.nodeType !== Node.ELEMENT_NODE || ours(node)) return
    translateAttributes(node)
    node.childNodes.forEach(visit)
  }
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === 'characterData') translateText(change.target)
      else if (change.type === 'attributes') { if (!ours(change.target)) translateAttributes(change.target) }
      else change.addedNodes.forEach(visit)
    }
  }).observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES })
})()
