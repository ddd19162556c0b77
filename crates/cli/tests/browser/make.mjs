// Makes what the pages are rendered from: a campaign of many findings, out of a real one.
//
//   node make.mjs HUNT.json CAMPAIGN_DIR      hundreds of findings, progress over eight hours
//   node make.mjs HUNT.json HOSTILE.jsonl     names and talk that try to get out of the page
//   node make.mjs HUNT.json FOUND.script      the script of the finding, to be said aloud

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [from, to] = process.argv.slice(2);
const hunt = JSON.parse(readFileSync(from, 'utf8'));
const RULES = ['G1 unconfirmed', 'G3 wrong-content', 'G4 early-answer', 'G8 not-an-answer', 'I1 unintended'];
const ASSISTANTS = ['echo-2018', 'assistant-2018', 'guarded', 'hears-itself', 'late-answer-sends'];
const FINDINGS = 400;

if (to.endsWith('.script')) {
  writeFileSync(to, hunt.finding.script);
} else if (to.endsWith('.jsonl')) {
  const evil = '</script><img src=x onerror=alert(1)>"\'&`|\u202eevil\u{1f600} العربية ';
  const name = hunt.finding.trace[0].household.contacts[0].name;
  const lines = JSON.stringify({ ...hunt, assistant: `./mine ${evil}` })
    .replaceAll(JSON.stringify(name).slice(1, -1), JSON.stringify(evil).slice(1, -1));
  const hostile = JSON.parse(lines);
  for (const { said } of hostile.finding.trace.filter((line) => line.said)) {
    said.text = `${evil} ${said.text} ${'word'.repeat(2500)}`;
    said.speaker = evil;
  }
  writeFileSync(to, JSON.stringify(hostile));
} else {
  mkdirSync(join(to, 'findings'), { recursive: true });
  const settings = { assistants: ASSISTANTS, seed: 7, shard: null };
  writeFileSync(join(to, 'campaign.json'), JSON.stringify({ format: 1, version: hunt.version, settings }));
  for (let number = 0; number < FINDINGS; number += 1) {
    const rule = RULES[number % RULES.length];
    const bucket = `${rule.split(' ')[0]}-${number.toString(16).padStart(8, '0')}`;
    const assistant = ASSISTANTS[[0, 1, 3, 4][number % 4]];
    const own = { assistant, found_by: 'hunt', bucket, seed: 7, steps: 1000 * number, at_s: 60 * number, times: 3 };
    writeFileSync(join(to, 'findings', `${bucket}.json`), JSON.stringify({ ...hunt.finding, ...own, rule }));
  }
  const points = [];
  for (let minute = 0; minute <= 480; minute += 5) {
    for (const [place, assistant] of ASSISTANTS.entries()) {
      const grown = 1 - Math.exp(-minute / (40 + 60 * place));
      const findings = assistant === 'guarded' ? 0 : Math.round(100 * grown);
      const ways = Math.round((900 - 120 * place) * grown);
      points.push({ at_s: 60 * minute, assistant, steps: 50_000_000 * minute, conversations: 9_000 * minute,
        ways, corpus: ways * 2, findings });
    }
  }
  writeFileSync(join(to, 'progress.jsonl'), points.map((point) => `${JSON.stringify(point)}\n`).join(''));
}
