// What the tests ask of the engine, case by case: under node and in a browser. Infinite numbers come as words.
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
const answers = (cases) => JSON.stringify(cases.map(solve), text);
