# A subscriber in Terraform: rule → queue → the webhook function (../webhook).
#
# UNTESTED: no Terraform runs where Rollcall is built. Its HCL is parsed and its event pattern compiled by a test, nothing more;
# the CDK and SAM examples beside it say the same and are synthesised.
#
# Before `terraform apply`, bundle the function:
#   npx esbuild ../webhook/handler.ts --bundle --platform=node --target=node24 --format=esm '--external:@aws-sdk/*' --outfile=build/handler.mjs

terraform {
  required_version = ">= 1.9"
  required_providers {
    archive = { source = "hashicorp/archive", version = "~> 2.7" }
    aws     = { source = "hashicorp/aws", version = "~> 6.0" }
  }
}

variable "bus_name" {
  type        = string
  description = "Rollcall's bus; named after its stack"
}

variable "door_url" {
  type        = string
  description = "Rollcall's door, for groups that are too large for an event"
}

variable "webhook_url" {
  type        = string
  description = "where changes are posted; https, not loopback"
}

variable "secret_arn" {
  type        = string
  description = "a secret {\"webhook_secret\": \"whsec_…\", \"rollcall_token\": \"…\"}"
}

variable "jobs" {
  type        = list(string)
  description = "whose changes are handed on"
}

locals {
  pattern = {
    source      = ["rollcall.discovery"]
    detail-type = ["Target Group Changed"]
    detail      = { jobs = var.jobs }
  }
}

resource "aws_cloudwatch_event_rule" "changes" {
  name           = "rollcall-webhook"
  event_bus_name = var.bus_name
  event_pattern  = jsonencode(local.pattern)
}

resource "aws_cloudwatch_event_target" "changes" {
  rule           = aws_cloudwatch_event_rule.changes.name
  event_bus_name = var.bus_name
  arn            = aws_sqs_queue.changes.arn

  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "rollcall-webhook-dead-letters"
  sqs_managed_sse_enabled   = true
  message_retention_seconds = 1209600
}

resource "aws_sqs_queue" "changes" {
  name                    = "rollcall-webhook-changes"
  sqs_managed_sse_enabled = true
  # Six times the function's timeout, as AWS advises for an event source.
  visibility_timeout_seconds = 180
  message_retention_seconds  = 86400
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = 5
  })
}

# Without it the rule's events vanish, and its dead letters too.
data "aws_iam_policy_document" "from_rule" {
  for_each = { changes = aws_sqs_queue.changes.arn, dead_letters = aws_sqs_queue.dead_letters.arn }

  statement {
    actions   = ["sqs:SendMessage"]
    resources = [each.value]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.changes.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "from_rule" {
  for_each  = { changes = aws_sqs_queue.changes.id, dead_letters = aws_sqs_queue.dead_letters.id }
  queue_url = each.value
  policy    = data.aws_iam_policy_document.from_rule[each.key].json
}

data "archive_file" "webhook" {
  type        = "zip"
  source_file = "${path.module}/build/handler.mjs"
  output_path = "${path.module}/build/webhook.zip"
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "webhook" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [var.secret_arn]
  }

  statement {
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [aws_sqs_queue.changes.arn]
  }
}

resource "aws_iam_role" "webhook" {
  name               = "rollcall-webhook"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy" "webhook" {
  role   = aws_iam_role.webhook.id
  policy = data.aws_iam_policy_document.webhook.json
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.webhook.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "webhook" {
  function_name    = "rollcall-webhook"
  role             = aws_iam_role.webhook.arn
  runtime          = "nodejs24.x"
  architectures    = ["arm64"]
  handler          = "handler.handler"
  filename         = data.archive_file.webhook.output_path
  source_code_hash = data.archive_file.webhook.output_base64sha256
  memory_size      = 256
  timeout          = 30

  environment {
    variables = {
      WEBHOOK_URL  = var.webhook_url
      ROLLCALL_URL = var.door_url
      SECRET_ID    = var.secret_arn
    }
  }
}

resource "aws_lambda_event_source_mapping" "changes" {
  event_source_arn        = aws_sqs_queue.changes.arn
  function_name           = aws_lambda_function.webhook.arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = 5
  }
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  alarm_name          = "rollcall-webhook-dead-letters"
  alarm_description   = "a change did not reach the webhook; redrive the dead-letter queue once it does"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead_letters.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
}
