import { Refusal, type Type } from "./decode.ts";
import { fieldsOf, type PlaceOf, struct } from "./struct.ts";
import { text } from "./types.ts";

/** `eks: {cluster_name, region, role_arn}` of a cluster in the settings (design §3.7). */
export interface WrittenEks {
  readonly clusterName: string;
  readonly region: string;
  readonly roleArn?: string;
}

export const eksBlock: Type<WrittenEks | undefined> = struct<WrittenEks | undefined>({
  name: "settings.eks",
  zero: undefined,
  begin: (decoder) => {
    const field = fieldsOf(decoder);
    const draft = { cluster_name: "", region: "", role_arn: "" };
    return {
      fields: {
        cluster_name: field(text, (value) => (draft.cluster_name = value)),
        region: field(text, (value) => (draft.region = value)),
        role_arn: field(text, (value) => (draft.role_arn = value)),
      },
      finish: (at) => {
        for (const key of ["cluster_name", "region"] as const) check(key, draft[key], at);
        if (draft.role_arn !== "") check("role_arn", draft.role_arn, at);
        return {
          clusterName: draft.cluster_name,
          region: draft.region,
          ...(draft.role_arn === "" ? {} : { roleArn: draft.role_arn }),
        };
      },
    };
  },
});

/** Strict, since hosts, headers and requests are made of them. */
const shapes = {
  cluster_name: [/^[0-9A-Za-z][\w-]{0,99}$/, "the name of an EKS cluster"],
  region: [/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as eu-central-1"],
  role_arn: [/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, "the ARN of a role"],
} as const;

const check = (key: keyof typeof shapes, value: string, at: PlaceOf) => {
  const [shape, expected] = shapes[key];
  if (!shape.test(value))
    throw new Refusal(at(key), `eks ${key} must be ${expected}, not ${JSON.stringify(value)}`);
};
