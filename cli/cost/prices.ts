/** One price of one thing that AWS counts. */
export interface Price {
  /** US dollars for `per` units. */
  readonly usd: number;
  readonly per: number;
  /** The page that says it. `aws`: AWS's own, read as stored; `other`: a page of others that tells AWS's price; `unread`: named from memory, not looked up. */
  readonly source: string;
  readonly read: "aws" | "other" | "unread";
}

/**
 * On-demand list prices of US East (N. Virginia), the region that most pages tell; Frankfurt's are up to a quarter higher. No free
 * tier, no savings plan, no tax. AWS's price tables are filled in by a script, so most figures could only be read where others tell them:
 * `source` is then that page. Look at AWS's own before you decide anything by a tenth.
 */
export const priceList = {
  region: "us-east-1",
  date: "2026-11-26",
  prices: {
    events: {
      usd: 1,
      per: 1e6,
      source: "https://cloudburn.io/blog/amazon-eventbridge-pricing",
      read: "other",
    },
    gigabyteSeconds: {
      usd: 13.3334,
      per: 1e6,
      source: "https://git.mcrn.ar/mariano/lambda_local_runner (docs/lambdas-md/lambda-13-cost.md)",
      read: "other",
    },
    invocations: {
      usd: 0.2,
      per: 1e6,
      source: "https://git.mcrn.ar/mariano/lambda_local_runner (docs/lambdas-md/lambda-13-cost.md)",
      read: "other",
    },
    streamed: { usd: 0.008, per: 1e9, source: "https://aws.amazon.com/lambda/pricing/", read: "unread" },
    writes: {
      usd: 0.625,
      per: 1e6,
      source: "https://airbyte.com/data-engineering-resources/dynamodb-pricing",
      read: "other",
    },
    reads: {
      usd: 0.125,
      per: 1e6,
      source: "https://airbyte.com/data-engineering-resources/dynamodb-pricing",
      read: "other",
    },
    stored: {
      usd: 0.25,
      per: 1e9,
      source: "https://aws.amazon.com/dynamodb/pricing/on-demand/",
      read: "unread",
    },
    backedUp: {
      usd: 0.2,
      per: 1e9,
      source: "https://aws.amazon.com/dynamodb/pricing/on-demand/",
      read: "unread",
    },
    queueRequests: { usd: 0.4, per: 1e6, source: "https://aws.amazon.com/sqs/pricing/", read: "unread" },
    doorRequests: {
      usd: 3.5,
      per: 1e6,
      source: "https://aws.amazon.com/api-gateway/pricing/",
      read: "unread",
    },
    transferred: {
      usd: 0.09,
      per: 1e9,
      source: "https://aws.amazon.com/ec2/pricing/on-demand/",
      read: "unread",
    },
    logged: {
      usd: 0.5,
      per: 1e9,
      source: "https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/",
      read: "other",
    },
    metrics: { usd: 0.3, per: 1, source: "https://signoz.io/guides/cloudwatch-pricing", read: "other" },
    alarms: { usd: 0.1, per: 1, source: "https://aws.amazon.com/cloudwatch/pricing/", read: "unread" },
    dashboards: {
      usd: 3,
      per: 1,
      source: "https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/",
      read: "other",
    },
  },
} as const satisfies {
  readonly region: string;
  readonly date: string;
  readonly prices: Readonly<Record<string, Price>>;
};

export type Unit = keyof typeof priceList.prices;
