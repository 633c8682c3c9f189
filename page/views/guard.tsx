import { useState } from "preact/hooks";
import * as z from "zod/mini";
import type { Provider } from "../live/shapes.ts";
import { duration, grouped } from "../pure/time.ts";

interface Properties {
  readonly provider: string;
  readonly guard: NonNullable<Provider["guard"]>;
  readonly now: number;
}

type Step =
  | { readonly kind: "held" | "asking" | "releasing" | "released" }
  | { readonly kind: "refused"; readonly error: string };

/** What the guard holds back, and the button that lets it go: asked once more, since scrapers will lose the targets. */
export const GuardNotice = ({ provider, guard, now }: Properties) => {
  const [step, setStep] = useState<Step>({ kind: "held" });
  const release = async () => {
    setStep({ kind: "releasing" });
    setStep(await releaseGuard(provider));
  };
  const since = guard.since === null ? "" : ` for ${duration((now - Date.parse(guard.since)) / 1000)}`;
  const what = `${grouped(guard.targets)} targets from ${grouped(guard.sources)} ${guard.sources === 1 ? "source" : "sources"}`;
  return (
    <div class="guard">
      <p>
        <strong>Removals held back{since}.</strong> A look would have removed {what} at once. A later look
        confirms it, or you let them go.
      </p>
      <div class="guard-actions" role="status">
        {(step.kind === "held" || step.kind === "refused") && (
          <button type="button" onClick={() => setStep({ kind: "asking" })}>
            Let them go…
          </button>
        )}
        {step.kind === "asking" && (
          <>
            <button type="button" class="danger" onClick={release}>
              Remove {grouped(guard.targets)} targets
            </button>
            <button type="button" onClick={() => setStep({ kind: "held" })}>
              Keep holding
            </button>
          </>
        )}
        {step.kind === "releasing" && "Asking…"}
        {step.kind === "released" && "Let go; the next look announces it."}
        {step.kind === "refused" && <span class="bad">{step.error}</span>}
      </div>
    </div>
  );
};

const releaseGuard = async (provider: string): Promise<Step> => {
  const path = `api/v1/providers/${provider.split("/").map(encodeURIComponent).join("/")}/guard/release`;
  try {
    // The header no form elsewhere can send: a browser's login goes out with every request by itself.
    const response = await fetch(path, { method: "POST", headers: { "X-Rollcall-Operate": "1" } });
    if (response.ok) return { kind: "released" };
    const error = refusal.safeParse(await response.json()).data?.error;
    return { kind: "refused", error: error ?? `the server answered ${response.status}` };
  } catch (error) {
    return { kind: "refused", error: error instanceof Error ? error.message : String(error) };
  }
};

const refusal = z.object({ error: z.string() });
