/** What a kernel of Debian 12 tells of itself (IPython 8.5.0 on Python 3.11.2). */

export const kernelInfo = {
  status: 'ok',
  protocol_version: '5.3',
  implementation: 'ipython',
  implementation_version: '8.5.0',
  language_info: {
    name: 'python',
    version: '3.11.2',
    mimetype: 'text/x-python',
    codemirror_mode: { name: 'ipython', version: 3 },
    pygments_lexer: 'ipython3',
    nbconvert_exporter: 'python',
    file_extension: '.py',
  },
  banner:
    "Python 3.11.2 (main, Apr 28 2025, 14:11:48) [GCC 12.2.0]\nType 'copyright', 'credits' or 'license' for more information\nIPython 8.5.0 -- An enhanced Interactive Python. Type '?' for help.\n",
  help_links: [
    { text: 'Python Reference', url: 'https://docs.python.org/3.11' },
    { text: 'IPython Reference', url: 'https://ipython.org/documentation.html' },
    { text: 'NumPy Reference', url: 'https://docs.scipy.org/doc/numpy/reference/' },
    { text: 'SciPy Reference', url: 'https://docs.scipy.org/doc/scipy/reference/' },
    { text: 'Matplotlib Reference', url: 'https://matplotlib.org/contents.html' },
    { text: 'SymPy Reference', url: 'http://docs.sympy.org/latest/index.html' },
    { text: 'pandas Reference', url: 'https://pandas.pydata.org/pandas-docs/stable/' },
  ],
} as const;

/** `python3`, as `ipykernel install` leaves it. */
export const kernelSpec = {
  name: 'python3',
  spec: {
    argv: ['/usr/bin/python3', '-m', 'ipykernel_launcher', '-f', '{connection_file}'],
    env: {},
    display_name: 'Python 3 (ipykernel)',
    language: 'python',
    interrupt_mode: 'signal',
    metadata: { debugger: true },
  },
  resources: {
    'logo-svg': '/kernelspecs/python3/logo-svg.svg',
    'logo-64x64': '/kernelspecs/python3/logo-64x64.png',
    'logo-32x32': '/kernelspecs/python3/logo-32x32.png',
  },
} as const;
