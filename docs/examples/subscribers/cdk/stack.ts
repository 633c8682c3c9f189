import { join } from "node:path";
import { Duration, Stack, type StackProps } from "aws-cdk-lib";
import { EventBus, Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Architecture, Runtime } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { NodejsFunction, OutputFormat } from "aws-cdk-lib/aws-lambda-nodejs";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";

export interface WebhookSubscriberProps extends StackProps {
  /** Rollcall's bus; named after its stack. */
  readonly busName: string;
  /** Rollcall's door, for groups that are too large for an event. */
  readonly doorUrl: string;
  /** Where changes are posted; https, not loopback. */
  readonly webhookUrl: string;
  /** Of a secret `{"webhook_secret": "whsec_…", "rollcall_token": "…"}`. */
  readonly secretName: string;
  /** Whose changes are handed on. */
  readonly jobs: readonly string[];
}

/** A subscriber as a CDK stack: rule → queue → the webhook function (../webhook). What cannot be delivered is kept for two weeks. */
export class WebhookSubscriber extends Stack {
  constructor(scope: Construct, id: string, props: WebhookSubscriberProps) {
    super(scope, id, props);
    const deadLetters = new Queue(this, "DeadLetters", {
      encryption: QueueEncryption.SQS_MANAGED,
      retentionPeriod: Duration.days(14),
    });
    const timeout = Duration.seconds(30);
    const changes = new Queue(this, "Changes", {
      encryption: QueueEncryption.SQS_MANAGED,
      // As AWS advises for an event source.
      visibilityTimeout: Duration.seconds(6 * timeout.toSeconds()),
      retentionPeriod: Duration.days(1),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
    });
    new Rule(this, "Rule", {
      eventBus: EventBus.fromEventBusName(this, "Bus", props.busName),
      eventPattern: {
        source: ["rollcall.discovery"],
        detailType: ["Target Group Changed"],
        detail: { jobs: [...props.jobs] },
      },
      // The target lets the rule into both queues by itself.
      targets: [
        new SqsQueue(changes, {
          deadLetterQueue: deadLetters,
          maxEventAge: Duration.hours(1),
          retryAttempts: 185,
        }),
      ],
    });
    const secret = Secret.fromSecretNameV2(this, "Secret", props.secretName);
    const webhook = new NodejsFunction(this, "Webhook", {
      entry: join(import.meta.dirname, "../webhook/handler.ts"),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 256,
      timeout,
      bundling: { format: OutputFormat.ESM, externalModules: ["@aws-sdk/*"] },
      environment: {
        WEBHOOK_URL: props.webhookUrl,
        ROLLCALL_URL: props.doorUrl,
        SECRET_ID: secret.secretName,
      },
    });
    secret.grantRead(webhook);
    webhook.addEventSource(
      new SqsEventSource(changes, { batchSize: 10, reportBatchItemFailures: true, maxConcurrency: 5 }),
    );
    deadLetters
      .metricApproximateNumberOfMessagesVisible({ statistic: "Maximum" })
      .createAlarm(this, "DeadLettersAlarm", {
        alarmDescription: "a change did not reach the webhook; redrive the dead-letter queue once it does",
        threshold: 1,
        evaluationPeriods: 1,
      });
  }
}
