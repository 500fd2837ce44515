const MOST_NUMBERS = 2000;

// A column of numbers from text that somebody pasted: the numbers, and what there is to say about how they were read.
function readColumn(text, fits = () => "") {
  const lines = text.split(/\r?\n/).map((line, i) => [i + 1, line.trim()]).filter(([, line]) => line), says = [];
  const strong = /[;\t]/.test(text), tokens = lines.flatMap(([, line]) => line.split(strong ? /[;\t]/ : /\s+/)).map((token) => token.trim());
  const commas = tokens.filter((token) => token.includes(",") && (!strong || /^[-+−\d.,]+$/.test(token)));
  const either = commas.length > 0 && commas.every((token) => /^[-+−]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(token)); // 1,200
  const thousands = either && !text.includes(";") && tokens.some((token) => /^[-+−]?\d+\.?\d*$/.test(token));
  const decimal = !thousands && (strong || (commas.length > 0 && commas.every((token) => /^[^,.\s]*\d,\d[^,.\s]*$/.test(token))));
  const separator = strong ? /[;\t]/ : commas.length && !decimal && !thousands ? /\s*,\s*|\s+/ : /\s+/;
  const value = (cell = "") => {
    const plain = cell.trim().replace("−", "-"), point = thousands ? plain.replace(/,/g, "") : decimal ? plain.replace(/^([^.,]*),([^.,]*)$/, "$1.$2") : plain;
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(point) && Math.abs(+point) <= 1e100 ? +point : NaN;
  };
  let rows = lines.map(([n, line]) => [n, line, line.split(separator)]);
  if (rows.length === 1) rows = rows[0][2].map((cell) => [1, cell, [cell]]); // a row is as good as a column
  const wide = Math.max(0, ...rows.map(([, , cells]) => cells.length)), good = (c) => rows.filter(([, , cells]) => !isNaN(value(cells[c]))).length;
  const column = Array.from({ length: wide }, (_, c) => c).find((c) => good(c) >= rows.length / 2 && good(c) > 0) ?? 0;
  if (rows.length > 1 && isNaN(value(rows[0][2][column]))) says.push(`Line ${rows[0][0]}, “${rows.shift()[1].slice(0, 40)}”, is the heading.`);
  if (wide > 1) says.push(`Of ${wide} columns, number ${column + 1} is read.`);
  const doubt = either && (thousands || decimal) ? `A comma may group digits or be a decimal point: “${commas[0]}” is read as ${value(commas[0])}.` : undefined;
  if (decimal && commas.length) says.push(doubt ?? "A comma is read as a decimal point."); else if (doubt) says.push(doubt);
  const x = [], bad = [];
  for (const [n, line, cells] of rows) {
    const v = value(cells[column]), why = isNaN(v) ? "is no number" : fits(v);
    if (why) bad.push(`Line ${n}, “${line.slice(0, 40)}”, ${why}.`); else x.push(v);
  }
  says.push(...bad.slice(0, 5));
  if (bad.length > 5) says.push(`So it is with ${bad.length - 5} more.`);
  if (x.length > MOST_NUMBERS) says.push(`Of ${x.length} numbers the first ${MOST_NUMBERS} are used.`);
  const enough = new Set(x).size > 1;
  return { doubt, x: enough ? x.slice(0, MOST_NUMBERS) : null, says: [enough ? `${Math.min(x.length, MOST_NUMBERS)} numbers are read.` : "At least two different numbers are needed.", ...says] };
}
