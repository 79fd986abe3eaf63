// Figures as people type them: the digits of any script as 0 to 9, without marks that nobody sees. The server reads
// them likewise (aqad/lib/text/cleaning.py); what a script only looks at stays in the field as it was typed.

const DIGIT = /\p{Nd}/u;

function value(digit) { // digits of a script stand in a row that begins with its zero
  const code = digit.codePointAt(0);
  let zero = code;
  while (DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

export function latin(text) {
  return text.replace(/\p{Cf}/gu, "").replace(/\p{Nd}/gu, value);
}

export function number(text) {
  return Number(latin(text).trim().replace(/٬/g, "").replace("٫", "."));
}
