// Tell require.js and the widgets' html-manager that their parts lie beside this script, not on the web.
{
  const me = document.currentScript, vendor = new URL("vendor", me.src).href;
  me.setAttribute("data-jupyter-widgets-cdn", vendor + "/");  // where html-manager looks for what it lacks
  require.config({paths: {
    "anywidget": vendor + "/anywidget",
    "@jupyter-widgets/html-manager": vendor + "/embed-amd",
    "@jupyter-widgets/html-manager/dist": vendor,              // its icon fonts
  }});
}
