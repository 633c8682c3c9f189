import { byBytes } from "../../config/go-text.ts";
import { reasonOf } from "../../errors.ts";
import type { GroupResource, ResourceMapping } from "../config/rules.ts";
import type { Mapper, Resource } from "../mapper/mapper.ts";
import { Unbuildable } from "../registry/registry.ts";
import type { Template } from "../template/template.ts";
import { labelPattern } from "./labelpattern.ts";
import { remembered } from "./remembered.ts";

/** What labels of a rule mean in a cluster (spec B4). */
export interface Association {
  /** The resources that a series is about, and whether they are asked for in a namespace. */
  resourcesOf(labels: Readonly<Record<string, string>>): {
    readonly resources: readonly Resource[];
    readonly namespaced: boolean;
  };
  /** The label that tells objects of a resource. Throws Unbuildable. */
  labelOf(resource: Resource): string;
}

/** The association of a rule in a cluster, made once. Throws as `createAssociation` does. */
export const associationOf = (mapping: ResourceMapping, mapper: Mapper): Association => {
  const ofMapper = made.get(mapper) ?? new WeakMap<ResourceMapping, Association>();
  made.set(mapper, ofMapper);
  const association = ofMapper.get(mapping) ?? createAssociation(mapping, mapper);
  ofMapper.set(mapping, association);
  return association;
};

const made = new WeakMap<Mapper, WeakMap<ResourceMapping, Association>>();

/** Throws Error when an override names a resource that the cluster does not have: upstream does not start then. */
export const createAssociation = ({ template, overrides }: ResourceMapping, mapper: Mapper): Association => {
  const known = new Map<string, Resource>();
  const labels = new Map<string, string>();
  for (const [label, wanted] of [...overrides].sort(([a], [b]) => byBytes(a, b))) {
    const resource = resolved(wanted, mapper);
    known.set(label, resource);
    // Of two labels for one resource upstream takes either.
    if (!labels.has(keyOf(resource))) labels.set(keyOf(resource), label);
  }
  const pattern = template && labelPattern(template);
  /** Undefined: the label is none of a resource; null: it has the form, but there is no such resource. */
  const resourceOf = remembered((label: string): Resource | undefined | null => {
    const override = known.get(label);
    if (override !== undefined || pattern === undefined) return override;
    const written = pattern(label);
    if (written === undefined) return undefined;
    return mapper.resourceFor(written.resource, written.group === "" ? undefined : written.group) ?? null;
  });
  return {
    resourcesOf: (series) => {
      const found = Object.keys(series).map((label) => resourceOf(label));
      return {
        resources: found.filter((resource) => resource !== undefined && resource !== null),
        // Also a label that is no resource at all makes it so, as upstream has it.
        namespaced: found.some(
          (resource) => resource !== null && (resource === undefined || !isClusterWide(resource)),
        ),
      };
    },
    labelOf: (resource) => {
      const override = labels.get(keyOf(resource));
      if (override !== undefined) return override;
      if (template === undefined)
        throw new Unbuildable(
          `no label of the rule is about ${keyOf(resource)}, and it has no resources.template`,
        );
      const label = rendered(template, {
        Group: resource.group.replaceAll(/[.-]/g, "_"),
        Resource: resource.singular,
      });
      if (label === "") throw new Unbuildable("resources.template gives an empty label");
      return label;
    },
  };
};

const rendered = (template: Template, fields: Parameters<Template["render"]>[0]): string => {
  try {
    return template.render(fields);
  } catch (cause) {
    throw new Unbuildable(`resources.template: ${reasonOf(cause)}`, { cause });
  }
};

const resolved = ({ group, resource }: GroupResource, mapper: Mapper): Resource => {
  const found = mapper.resourceFor(resource, group === "" ? undefined : group);
  if (found !== undefined) return found;
  throw new Error(
    `the cluster has no resource ${group === "" ? resource : `${resource}.${group}`}, which an override of the rules names`,
  );
};

/** `deployments.apps`, and `pods` of the core group. */
export const keyOf = ({ group, resource }: GroupResource): string =>
  group === "" ? resource : `${resource}.${group}`;

/** Those of which a metric is asked at the root (spec B4); other resources without a namespace cannot be. */
export const isClusterWide = ({ group, resource }: GroupResource): boolean =>
  group === "" && clusterWide.has(resource);

const clusterWide = new Set(["namespaces", "nodes", "persistentvolumes"]);
