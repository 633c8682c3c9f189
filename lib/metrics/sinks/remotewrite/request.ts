import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Series } from "./series.ts";

/**
 * A `WriteRequest` of remote write 1.0 (https://prometheus.io/docs/specs/prw/remote_write_spec/, its protobuf message): every series with one
 * sample of this time, Unix milliseconds.
 */
export const writeRequestOf = (series: Iterable<Series>, timestamp: number): Uint8Array => {
  const writer = new BinaryWriter();
  for (const { labels, value } of series) {
    writer.tag(field.timeseries, WireType.LengthDelimited).fork();
    for (const [name, text] of labels) {
      writer.tag(field.labels, WireType.LengthDelimited).fork();
      writer.tag(1, WireType.LengthDelimited).string(name);
      writer.tag(2, WireType.LengthDelimited).string(text);
      writer.join();
    }
    writer.tag(field.samples, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.Bit64).double(value);
    writer.tag(2, WireType.Varint).int64(timestamp);
    writer.join();
    writer.join();
  }
  return writer.finish();
};

const field = { timeseries: 1, labels: 1, samples: 2 } as const;
