// report.mjs REPORTS OUT: shows every REPORTS/*.html to a headless Chromium, and fails where one
// of them violates a rule of accessibility, asks the network for anything, runs a script, or is
// wider than a narrow screen. Leaves pictures and a printed copy of each in OUT.
//
// $CIVLOG_MODULES is the folder with node_modules, $CHROMIUM the browser (chromium).

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const modules = process.env.CIVLOG_MODULES ?? '.';
const require = createRequire(pathToFileURL(resolve(modules) + '/'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const [reports, out] = process.argv.slice(2);
if (!reports || !out) {
  console.error('usage: node report.mjs REPORTS OUT');
  process.exit(2);
}
mkdirSync(out, { recursive: true });

const problems = [];
const widths = [320, 768, 1280];
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// Whatever the page asks for besides itself, and whatever it says or runs.
function watch(page, name, url) {
  page.on('request', (request) => {
    if (request.url() !== url) problems.push(`${name}: asks for ${request.url()}`);
  });
  page.on('pageerror', (error) => problems.push(`${name}: ${error.message}`));
  page.on('console', (message) => problems.push(`${name}: says ${message.text()}`));
  page.on('dialog', (dialog) => {
    problems.push(`${name}: opens a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
}

// In the page. What sticks out of a narrow window, leaving out what scrolls by itself.
function overflow() {
  const wide = [];
  if (document.documentElement.scrollWidth > window.innerWidth) {
    for (const element of document.querySelectorAll('body *')) {
      const scrolls = element.closest('.scroll');
      if (scrolls && scrolls !== element) continue;
      if (element.getBoundingClientRect().right > window.innerWidth + 0.5) {
        wide.push(`${element.tagName.toLowerCase()} ${element.id} ${element.className}`);
      }
    }
    wide.push(`the page: ${document.documentElement.scrollWidth} > ${window.innerWidth}`);
  }
  return wide;
}

// In the page. Texts of charts that lie over each other or outside the drawing.
function overlaps() {
  const found = [];
  for (const chart of document.querySelectorAll('svg.chart')) {
    const frame = chart.getBoundingClientRect();
    const texts = [...chart.querySelectorAll('text')].map((text) => ({
      text: text.textContent,
      box: text.getBoundingClientRect(),
    }));
    texts.forEach(({ text, box }, i) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1) {
        found.push(`"${text}" is outside of "${chart.getAttribute('aria-label')}"`);
      }
      for (const other of texts.slice(i + 1)) {
        const apart =
          box.right <= other.box.left || other.box.right <= box.left ||
          box.bottom - 3 <= other.box.top || other.box.bottom - 3 <= box.top;
        if (!apart) found.push(`"${text}" lies over "${other.text}"`);
      }
    });
  }
  return found;
}

// In the page. What the markup promises besides axe's rules.
function structure() {
  const found = [];
  const count = (selector) => document.querySelectorAll(selector).length;
  if (count('h1') !== 1) found.push(`${count('h1')} h1`);
  if (count('script') !== 0) found.push('a script');
  if (count('table:not(:has(caption))') !== 0) found.push('a table without caption');
  if (count('th:not([scope])') !== 0) found.push('a header cell without scope');
  if (count('figure:not(:has(table))') !== 0) found.push('a chart without its table');
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  if (new Set(ids).size !== ids.length) found.push('an id twice');
  for (const attribute of [...document.querySelectorAll('*')].flatMap((e) => [...e.attributes])) {
    if (/^on/.test(attribute.name)) found.push(`an attribute ${attribute.name}`);
    if (/^(src|href|action|style)$/.test(attribute.name) && !/^(#|\.\/|fill:url\(#)/.test(attribute.value)) {
      found.push(`a reference to ${attribute.value}`);
    }
  }
  return found;
}

async function audit(page, name) {
  await page.evaluate(axe);
  const result = await page.evaluate(
    (values) => axe.run(document, { runOnly: { type: 'tag', values } }),
    tags,
  );
  for (const violation of result.violations) {
    const where = violation.nodes.slice(0, 3).map((node) => node.target.join(' ')).join('; ');
    problems.push(`${name}: ${violation.id}, ${violation.nodes.length} times: ${where}`);
  }
  return result.passes.length;
}

async function look(context, file, scheme) {
  const name = `${basename(file, '.html')}-${scheme}`;
  const url = pathToFileURL(file).href;
  const page = await context.newPage();
  watch(page, name, url);
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto(url);
  const passed = await audit(page, name);
  if (passed === 0) problems.push(`${name}: no rule was checked`);
  for (const problem of await page.evaluate(structure)) problems.push(`${name}: ${problem}`);
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    for (const problem of await page.evaluate(overflow)) {
      problems.push(`${name}, ${width} px: ${problem}`);
    }
    for (const problem of await page.evaluate(overlaps)) {
      problems.push(`${name}, ${width} px: ${problem}`);
    }
    if (!file.includes('large')) {
      await page.screenshot({ path: join(out, `${name}-${width}.png`), fullPage: true });
    }
  }
  if (name === 'week.en-light') {
    // The picture of the README, docs/report.png.
    await page.setViewportSize({ width: 1000, height: 1120 });
    await page.screenshot({ path: join(out, 'report.png') });
  }
  if (scheme === 'light') {
    await page.pdf({ path: join(out, `${basename(file, '.html')}.pdf`), preferCSSPageSize: true });
  }
  await page.close();
  return passed;
}

const profile = mkdtempSync(join(tmpdir(), 'civlog-browser-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  // The policy of the page keeps scripts out; axe is one.
  bypassCSP: true,
  args: [
    ...(process.getuid() === 0 ? ['--no-sandbox'] : []),
    '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
  ],
});
let looked = 0;
try {
  for (const file of readdirSync(reports).filter((name) => name.endsWith('.html')).sort()) {
    for (const scheme of ['light', 'dark']) {
      const passed = await look(context, resolve(reports, file), scheme);
      console.log(`${file}, ${scheme}: ${passed} rules of axe-core hold`);
      ++looked;
    }
  }
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
if (looked === 0) problems.push(`no report in ${reports}`);
for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);
