import * as z from "zod";
import { meterUnits } from "../../lib/meter.ts";
import { type Named, ofType, type Resources } from "./resources.ts";

/** Alarms on, and pictures of, what no function tells. Throws for a dashboard that is no JSON. */
export const alarmFindings = (resources: Resources): string[] => [
  ...ofType(resources, "AWS::CloudWatch::Alarm").flatMap(alarmedFindings),
  ...ofType(resources, "AWS::CloudWatch::Dashboard").flatMap(drawnFindings),
];

/** The namespace of the functions' own metrics. */
const own = "Rollcall";

/** What the functions tell, each with the one dimension `service`. */
const ownMetrics: ReadonlySet<string> = new Set(Object.keys(meterUnits));

const alarmSchema = z.object({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(z.object({ Name: z.string() })).default([]),
  TreatMissingData: z.string().optional(),
  AlarmDescription: z.string().optional(),
});

const alarmedFindings = ([name, { Properties }]: Named): string[] => {
  const alarm = alarmSchema.parse(Properties);
  const dimensions = alarm.Dimensions.map((one) => one.Name);
  return [
    ...(alarm.AlarmDescription === undefined ? [`${name}: does not say what it means`] : []),
    ...(alarm.TreatMissingData === undefined ? [`${name}: does not say what silence means`] : []),
    ...(alarm.Namespace === own ? metricFindings(name, alarm.MetricName ?? "", dimensions) : []),
  ];
};

const metricFindings = (name: string, metric: string, dimensions: readonly string[]): string[] => [
  ...(ownMetrics.has(metric) ? [] : [`${name}: no function tells ${metric}`]),
  ...(dimensions.join() === "service"
    ? []
    : [`${name}: ${metric} has the dimension service, not ${dimensions}`]),
];

const bodySchema = z.object({ DashboardBody: z.object({ "Fn::Sub": z.string() }) });
const dashboard = z.object({
  widgets: z
    .array(
      z.object({
        x: z.number(),
        y: z.number(),
        width: z.number(),
        height: z.number(),
        properties: z.object({
          title: z.string(),
          region: z.string(),
          metrics: z.array(z.tuple([z.string(), z.string()], z.unknown())).min(1),
        }),
      }),
    )
    .min(1),
});

const drawnFindings = ([name, { Properties }]: Named): string[] => {
  const { widgets } = dashboard.parse(JSON.parse(bodySchema.parse(Properties).DashboardBody["Fn::Sub"]));
  const drawn = widgets.flatMap(({ properties }) => properties.metrics);
  return drawn
    .filter(([namespace]) => namespace === own)
    .flatMap(([, metric, dimension]) => metricFindings(name, metric, [String(dimension)]));
};
