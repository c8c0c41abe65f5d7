// Before the first paint: the theme that this browser was told to keep. Not inline, the content security policy
// forbids that; not in the bundle, which runs after the first paint.
try {
  const theme = localStorage.getItem('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's theme it is.
}
