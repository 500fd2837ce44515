// Formulas as MathJax draws them: a JSON list of [TeX, display] comes in, their HTML and one stylesheet go out.
import mathjax from "mathjax";
import { readFileSync } from "node:fs";

const MathJax = await mathjax.init({
  loader: { load: ["input/tex", "output/chtml", "a11y/assistive-mml"] },
  chtml: { fontURL: "vendor/mathjax/output/chtml/fonts/woff-v2" },
});
const html = (node) => MathJax.startup.adaptor.outerHTML(node);
const formulas = [];
for (const [tex, display] of JSON.parse(readFileSync(0, "utf8")))
  formulas.push(html(await MathJax.tex2chtmlPromise(tex, { display })));
const errors = formulas.filter((formula) => formula.includes("<mjx-merror"));
if (errors.length) throw new Error(`TeX that MathJax cannot read: ${errors[0]}`);
const css = MathJax.startup.adaptor.textContent(MathJax.chtmlStylesheet());
process.stdout.write(JSON.stringify({ formulas, css }));
