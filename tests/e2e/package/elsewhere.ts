import { createServer, type RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { after } from "node:test";
import { startAwsService } from "../../fakes/awsservice.ts";
import { listening } from "../../fakes/listening.ts";
import { startS3 } from "../../fakes/s3.ts";

/** Of the deployment that the functions believe to be part of; nothing of it is real. */
const [region, account] = ["eu-central-1", "000000000000"];
const arn = (service: string, path: string) => `arn:aws:${service}:${region}:${account}:${path}`;
const secret = (name: string) => arn("secretsmanager", `secret:rollcall/${name}-AbCdEf`);

export const names = {
  ...{ bucket: "conf", prefix: "prod/", role: "arn:aws:iam::210987654321:role/rollcall-read" },
  ...{ credential: secret("credential"), settings: secret("settings") },
};

/** With these the template has every right that the cloud's own services need. */
export const parameters = {
  configBucket: names.bucket,
  configPrefix: names.prefix,
  configKeyArn: arn("kms", "key/bucket"),
  secretArns: names.credential,
  parameterArns: arn("ssm", "parameter/rollcall/credential"),
  settingSecretArns: names.settings,
  settingParameterArns: arn("ssm", "parameter/rollcall/name"),
  secretKeyArns: arn("kms", "key/secrets"),
  clusterRoleArns: names.role,
  eksClusterArns: arn("eks", "cluster/prod"),
};

/** The services of AWS that only the cloud has, on loopback until the test ends; the variables that lead the SDK there. */
export const startElsewhere = async (objects: Readonly<Record<string, string>>) => {
  const s3 = await startS3(names.bucket);
  for (const [key, body] of Object.entries(objects))
    s3.objects.set(`${names.bucket}/${names.prefix}${key}`, body);
  const secrets = await startAwsService((operation, input) => ({
    body: operation === "GetParameter" ? { Parameter: { Type: "String", Value: "named" } } : secretOf(input),
  }));
  const identities = await answeredBy(sts);
  return {
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ENDPOINT_URL_SSM: secrets.config.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.config.endpoint,
    AWS_ENDPOINT_URL_STS: identities,
    AWS_ENDPOINT_URL_EKS: await answeredBy(eks),
  };
};

const secretOf = (input: unknown) => ({
  SecretString: Object(input).SecretId === names.settings ? '{"least": "20"}' : "credential",
});

const answeredBy = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${await listening(server)}`;
};

const sts: RequestListener = async (request, response) => {
  await text(request);
  const until = new Date(Date.now() + 3_600_000).toISOString();
  response.writeHead(200, { "content-type": "text/xml" });
  response.end(
    `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>y</SessionToken><Expiration>${until}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  );
};

/** A cluster that nobody reaches: in the cloud, loopback is refused. */
const eks: RequestListener = (_request, response) => {
  const certificateAuthority = { data: Buffer.from("no CA").toString("base64") };
  response.end(JSON.stringify({ cluster: { endpoint: "https://localhost:1", certificateAuthority } }));
};
