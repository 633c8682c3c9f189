/** The work took longer than it may. */
export class TooLate extends Error {
  override name = "TooLate";
}

/**
 * Work that has an end: rejects with TooLate after so many milliseconds. The signal that the work gets is aborted then, and whatever comes of
 * it afterwards is nobody's.
 */
export const within = async <Result>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const error = new TooLate(`not done within ${milliseconds} ms`);
    reject(error);
    controller.abort(error);
  }, milliseconds);
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Aborted when the first of them is. */
export const sooner = (own: AbortSignal, given: AbortSignal | undefined): AbortSignal =>
  given === undefined ? own : AbortSignal.any([own, given]);
