'use strict';
const form = document.getElementById('filter');
const words = document.getElementById('words');
const rule = document.getElementById('rule');
const shown = document.getElementById('shown');
const files = [...document.querySelectorAll('.file')].map((file) => ({
  file,
  name: file.querySelector('h3').textContent.toLowerCase(),
  findings: [...file.querySelectorAll('article')].map((finding) => ({
    finding, text: finding.textContent.toLowerCase(), rule: finding.dataset.rule, severity: finding.dataset.severity,
  })),
}));

function filter() {
  const asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const severities = new Set([...form.elements.severity].filter((box) => box.checked).map((box) => box.value));
  let count = 0, left = 0;
  for (const { file, name, findings } of files) {
    let visible = 0;
    for (const each of findings) {
      const fits = (!rule.value || each.rule === rule.value) && severities.has(each.severity)
        && asked.every((word) => each.text.includes(word) || name.includes(word));
      each.finding.hidden = !fits;
      visible += fits;
    }
    file.hidden = !visible;
    count += visible;
    left += visible > 0;
  }
  shown.value = `${count} finding${count === 1 ? '' : 's'} in ${left} file${left === 1 ? '' : 's'}`;
}

form.addEventListener('input', filter);
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => setTimeout(filter));
for (const button of document.querySelectorAll('[data-show]')) {
  button.addEventListener('click', () => {
    rule.value = button.dataset.show;
    filter();
    rule.focus();
  });
}
