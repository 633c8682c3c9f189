/** Whether what a reflector holds can be taken for the truth. */
export interface Health {
  /** As `Reflector.current`. */
  current(): Promise<void>;
  trouble(): Error | undefined;
  /** It starts anew: what is held is old until `ready`. */
  begin(): void;
  ready(): void;
  failed(error: Error): void;
  /** All is well; true when it was not. */
  recovered(): boolean;
  /** Nobody needs to wait any longer. */
  end(): void;
}

export const createHealth = (): Health => {
  let trouble: Error | undefined;
  let first = createGate();
  return {
    current: () => (trouble === undefined ? first.promise : Promise.reject(trouble)),
    trouble: () => trouble,
    begin: () => {
      trouble = undefined;
      first = createGate();
    },
    ready: () => first.resolve(),
    failed: (error) => {
      trouble = error;
      first.reject(error);
    },
    recovered: () => {
      const was = trouble !== undefined;
      trouble = undefined;
      if (was) first = createGate();
      first.resolve();
      return was;
    },
    end: () => first.reject(new Error("stopped before everything was listed")),
  };
};

/** Its rejection is nobody's unhandled one: whoever needs to know waits for it. */
const createGate = () => {
  const gate = Promise.withResolvers<void>();
  gate.promise.catch(() => undefined);
  return gate;
};
