// Computes the cases of a file with the page's engine; for tests/unit/test_engine.py. ENGINE may name a mutant.
import { readFileSync, writeFileSync } from "node:fs";

const read = (file) => readFileSync(file, "utf8"), here = (name) => new URL(name, import.meta.url);
const script = read(process.env.ENGINE ?? here("../emcore/figures/engine.js")) + read(here("engine_cases.js"));
const [cases, answers] = process.argv.slice(2);
writeFileSync(answers, new Function(`${script}; return answers;`)()(JSON.parse(read(cases))));
