// Looks at report pages in a real browser, and keeps pictures of them.
//
//   node check.mjs PICTURES PAGE.html…
//
// Fails when a page logs an error, asks for anything beyond itself, opens a dialog, takes a second to load, is
// wider than the window, breaks a rule of axe-core, or cannot be worked with keys alone. A page with
// a recording has to play it and follow it.

import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const BYTES_MAX = 3_000_000;
const LOAD_MS_MAX = 1_000;
const LOADS = 5;
// axe-core looks at every element: so many findings are opened for it.
const OPENED = 5;
const VIEWS = [
  { name: 'desktop', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { name: 'desktop-dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  { name: 'phone', viewport: { width: 360, height: 740 }, colorScheme: 'light' },
  { name: 'phone-dark', viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
];

const [pictures, ...pages] = process.argv.slice(2);
mkdirSync(pictures, { recursive: true });
const failures = [];
const check = (holds, what) => { if (!holds) failures.push(what); };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
});
for (const path of pages) {
  const name = basename(path, '.html');
  check(statSync(path).size < BYTES_MAX, `${name}: ${statSync(path).size} bytes`);
  for (const view of VIEWS) await look(path, `${name}, ${view.name}`, view);
  await print(path, name);
}
await browser.close();
for (const failure of failures) console.log(`FAILED ${failure}`);
const counted = pages.length === 1 ? '1 page' : `${pages.length} pages`;
console.log(`${counted}, ${VIEWS.length} views each, ${failures.length} failures`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function open(path, what, options) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  page.on('console', (said) => check(!['error', 'warning'].includes(said.type()), `${what}: console: ${said.text()}`));
  page.on('pageerror', (error) => check(false, `${what}: ${error}`));
  page.on('dialog', (dialog) => { check(false, `${what}: a dialog`); dialog.dismiss(); });
  const own = pathToFileURL(resolve(path)).href;
  page.on('request', (request) => {
    const url = request.url();
    check(url.split('#')[0] === own || url.startsWith('data:'), `${what}: asks for ${url.slice(0, 100)}`);
  });
  await page.goto(own, { waitUntil: 'load' });
  return { context, page };
}

async function look(path, what, view) {
  const { context, page } = await open(path, what, view);
  // The best of several: the machine may be busy with other things.
  let took = Infinity;
  for (let again = 0; again < LOADS; again += 1) {
    await page.reload({ waitUntil: 'load' });
    took = Math.min(took, await page.evaluate(() => performance.getEntriesByType('navigation')[0].loadEventEnd));
  }
  check(took < LOAD_MS_MAX, `${what}: loads in ${Math.round(took)} ms`);
  console.log(`${what}: loads in ${Math.round(took)} ms`);
  const picture = join(pictures, what.replace(', ', '-'));
  await page.screenshot({ path: `${picture}.png` });
  await page.evaluate((count) => {
    for (const details of [...document.querySelectorAll('details')].slice(0, count)) details.open = true;
  }, OPENED);
  const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - window.innerWidth);
  check(wide <= 0, `${what}: ${wide} pixels wider than the window`);
  await page.screenshot({ path: `${picture}-whole.png`, clip: { x: 0, y: 0, width: view.viewport.width, height: 5_000 }, fullPage: true });
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  for (const { id, help, nodes } of violations) {
    check(false, `${what}: axe ${id}: ${help}, at ${nodes.length} places, like ${nodes[0].html.slice(0, 160)}`);
  }
  if (view.name === 'desktop') {
    await keys(page, what);
    await sound(page, what);
  }
  await context.close();
}

// The first stop is the link that leaves out what comes first; a finding opens by Enter, its script is
// copied by Enter.
async function keys(page, what) {
  await page.evaluate(() => { for (const details of document.querySelectorAll('details')) details.open = false; });
  const at = () => page.evaluate(() => {
    const here = document.activeElement;
    return { tag: here.localName, text: here.textContent.slice(0, 60), ring: getComputedStyle(here).outlineStyle };
  });
  await page.locator('body').focus();
  await page.keyboard.press('Tab');
  check((await at()).text === 'To the findings', `${what}: the first stop is ${(await at()).text}`);
  const stops = new Set();
  let opened = false;
  let copied = false;
  for (let stop = 0; stop < 200 && !copied; stop += 1) {
    await page.keyboard.press('Tab');
    const here = await at();
    stops.add(here.tag);
    check(here.ring !== 'none' || here.tag === 'body', `${what}: no ring around ${here.tag} ${here.text}`);
    if (here.tag === 'summary' && !opened) {
      await page.keyboard.press('Enter');
      opened = await page.evaluate(() => document.activeElement.parentElement.open);
    }
    if (here.tag === 'button') {
      await page.keyboard.press('Enter');
      await page.waitForTimeout(200);
      copied = ['Copied', 'Selected'].includes((await at()).text);
    }
  }
  if (await page.locator('details').count() > 0) {
    check(opened, `${what}: no finding is opened by keys`);
    check(copied, `${what}: nothing is copied by keys; stops: ${[...stops]}`);
  }
}

// Played by the button of the browser's own controls.
async function sound(page, what) {
  const player = page.locator('audio').first();
  if (await player.count() === 0) return;
  await page.evaluate(() => { document.querySelector('audio').closest('details').open = true; });
  await player.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector('audio').readyState >= 1);
  const box = await player.boundingBox();
  await page.mouse.click(box.x + 28, box.y + box.height / 2);
  const moves = page.waitForFunction(() => document.querySelector('audio').currentTime > 0.5, null, { timeout: 5_000 });
  await moves.catch(() => check(false, `${what}: the recording does not play`));
  await page.evaluate(() => { document.querySelector('audio').currentTime = 3; });
  const follows = page.waitForFunction(() => document.querySelectorAll('.line>.now').length === 1, null, { timeout: 3_000 });
  await follows.catch(() => check(false, `${what}: what is said is not followed`));
  await page.screenshot({ path: join(pictures, `${what.replace(', ', '-')}-playing.png`) });
  await player.focus();
  await page.keyboard.press('Space');
  const stops = page.waitForFunction(() => document.querySelector('audio').paused, null, { timeout: 3_000 });
  await stops.catch(() => check(false, `${what}: the recording does not stop by a key`));
}

async function print(path, name) {
  const { context, page } = await open(path, `${name}, print`, { viewport: { width: 800, height: 1100 } });
  await page.emulateMedia({ media: 'print' });
  await page.screenshot({ path: join(pictures, `${name}-print.png`) });
  await page.pdf({ path: join(pictures, `${name}.pdf`), format: 'A4', pageRanges: '1-6' });
  await context.close();
}
