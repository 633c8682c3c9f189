import { shortened } from "../pure/labels.ts";

interface Properties {
  readonly jobs: readonly string[];
  readonly job: string;
  /** What the empty choice is called; absent: there is none. */
  readonly all?: string;
  readonly onChange: (job: string) => void;
}

/** The choice of a job. One that the address names and nobody knows is shown all the same. */
export const JobSelect = ({ jobs, job, all, onChange }: Properties) => (
  <label class="field">
    <span>Job</span>
    <select value={job} onChange={(event) => onChange(event.currentTarget.value)}>
      {all !== undefined && <option value="">{all}</option>}
      {(job === "" || jobs.includes(job) ? jobs : [job, ...jobs]).map((one) => (
        <option key={one} value={one}>
          {shortened(one, 80)}
        </option>
      ))}
    </select>
  </label>
);
