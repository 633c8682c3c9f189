import assert from "node:assert/strict";
import type { Run } from "../../docs/trials.ts";
import { eventually } from "../eventually.ts";
import type { Program } from "../process.ts";

/** Runs a line of the documentation and holds it to what its trial says; one that would go on for ever is ended then. */
export const tryLine = async (start: (line: string) => Program, line: string, trial: Run) => {
  const program = start(line);
  try {
    if (trial.isEndless) {
      await eventually(`${line} prints ${trial.prints}`, 60, () => {
        assert.equal(program.exit(), undefined, program.output());
        assert.match(program.output(), trial.prints);
      });
      return;
    }
    assert.equal(await program.ended, trial.code ?? 0, `${line}: ${program.output().slice(-2000)}`);
    assert.match(program.output(), trial.prints, line);
  } finally {
    await program.stop();
  }
};
