// Computes the cases of a file with the page's engine; for tests/unit/test_engine.py. ENGINE may name a mutant.
import { readFileSync, writeFileSync } from "node:fs";

const script = readFileSync(process.env.ENGINE ?? new URL("../emcore/figures/engine.js", import.meta.url), "utf8");
const engine = new Function(`${script}; return engine;`)();
const [cases, answers] = process.argv.slice(2);
const text = (key, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);

const solve = ({ tosses, x, q, theta, only }) => {
  const model = tosses ? engine.binomial(tosses) : engine.normal;
  const rows = model.logJoint(x, theta), soft = engine.eStep(rows), hard = engine.hardStep(rows);
  const answer = { rows, soft, hard, loglik: engine.loglik(rows), bound: engine.bound(q, rows), next: model.mStep(x, q, theta) };
  answer.held = model.mStep(x, q, theta, "means");
  answer.one = engine.eStep(model.logJoint(x.slice(0, 1), theta))[0] ?? null;
  answer.density = model.density?.(x[0], theta) ?? null;
  answer.after = answer.next.error ? null : engine.bound(q, model.logJoint(x, answer.next));
  answer.heldAfter = answer.held.error ? null : engine.bound(q, model.logJoint(x, answer.held));
  answer.touch = soft.error ? null : engine.bound(soft, rows);
  answer.best = engine.bound(hard, rows);
  return answer;
};
writeFileSync(answers, JSON.stringify(JSON.parse(readFileSync(cases, "utf8")).map(solve), text));
