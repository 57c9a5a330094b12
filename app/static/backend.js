// The server is at this host's root, whatever page was asked for.
window.__streamlit = { BACKEND_BASE_URL: `${window.location.origin}/` }
