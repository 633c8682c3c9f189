import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { lookAtSwarm, startDaemon } from "./daemon.ts";
import { networks } from "./networks.ts";
import { manager as node, globalService as service, task } from "./samples.ts";

const swarm = "__meta_dockerswarm_";

const ofService = {
  [`${swarm}service_id`]: "s1",
  [`${swarm}service_name`]: "web",
  [`${swarm}service_mode`]: "global",
  [`${swarm}service_label_tier`]: "front",
};

const ofNode = {
  [`${swarm}node_id`]: "n1",
  [`${swarm}node_role`]: "manager",
  [`${swarm}node_address`]: "10.1.0.1",
  [`${swarm}node_availability`]: "active",
  [`${swarm}node_hostname`]: "boss",
  [`${swarm}node_platform_architecture`]: "x86_64",
  [`${swarm}node_platform_os`]: "linux",
  [`${swarm}node_status`]: "ready",
  [`${swarm}node_label_rack`]: "r1",
};

const ofTask = {
  [`${swarm}task_id`]: "t1",
  [`${swarm}task_desired_state`]: "running",
  [`${swarm}task_state`]: "running",
  [`${swarm}task_slot`]: "2",
  [`${swarm}task_container_id`]: "c1",
  [`${swarm}container_label_com_example_of`]: "web",
};

const common = { ...ofTask, ...ofService, ...ofNode };

const ingress = {
  [`${swarm}network_id`]: "net-ingress",
  [`${swarm}network_name`]: "ingress",
  [`${swarm}network_scope`]: "swarm",
  [`${swarm}network_internal`]: "false",
  [`${swarm}network_ingress`]: "true",
};

const mode = (text: string) => ({ [`${swarm}task_port_publish_mode`]: text });

const targetsOf = async (t: TestContext, tasks: unknown, lists = {}) => {
  const all = { "/tasks": tasks, "/services": [service], "/nodes": [node], "/networks": networks, ...lists };
  const { host } = await startDaemon(t, all);
  const { groups } = await lookAtSwarm({ host, role: "tasks", port: 9100 });
  return groups[0]?.targets ?? [];
};

describe("role tasks", () => {
  test("gives one target per address and TCP port of the service", async (t) => {
    assert.deepEqual(await targetsOf(t, [task]), [
      { __address__: "10.0.0.4:8081", ...common, ...ingress, ...mode("ingress") },
      { __address__: "10.0.1.3:8081", ...common, ...mode("ingress") },
      { __address__: "[fd00::3]:8081", ...common, ...mode("ingress") },
    ]);
  });

  test("gives the configured port for a service without TCP ports, and without a mode", async (t) => {
    const quiet = { ...service, Endpoint: { Ports: [service.Endpoint.Ports[1]] } };
    const [target] = await targetsOf(t, [task], { "/services": [quiet] });
    assert.deepEqual(target, { __address__: "10.0.0.4:9100", ...common, ...ingress });
  });

  test("gives what is published on the node first, without network labels, then the networks", async (t) => {
    const Ports = [
      { Protocol: "udp", PublishedPort: 1, PublishMode: "host" },
      { Protocol: "tcp", PublishedPort: 9090, PublishMode: "host" },
    ];
    const NetworksAttachments = task.NetworksAttachments.slice(0, 1);
    const onHost = { ...task, Status: { ...task.Status, PortStatus: { Ports } }, NetworksAttachments };
    assert.deepEqual(await targetsOf(t, [onHost]), [
      { __address__: "10.1.0.1:9090", ...common, ...mode("host") },
      { __address__: "10.0.0.4:8081", ...common, ...ingress, ...mode("ingress") },
    ]);
  });

  test("leaves out what is not known of a service or node", async (t) => {
    const PortStatus = { Ports: [{ Protocol: "tcp", PublishedPort: 9090, PublishMode: "host" }] };
    const orphan = {
      ID: "t2",
      ServiceID: "?",
      NodeID: "?",
      DesiredState: "shutdown",
      Spec: {},
      Status: { State: "rejected", PortStatus },
      NetworksAttachments: [{ Network: { ID: "?" }, Addresses: ["10.0.9.9/24"] }],
    };
    const own = {
      [`${swarm}task_id`]: "t2",
      [`${swarm}task_desired_state`]: "shutdown",
      [`${swarm}task_state`]: "rejected",
      [`${swarm}task_slot`]: "0",
    };
    assert.deepEqual(await targetsOf(t, [orphan]), [
      { __address__: ":9090", ...own, ...mode("host") },
      { __address__: "10.0.9.9:9100", ...own },
    ]);
  });

  test("keeps an empty container id, and gives nothing for a task without addresses", async (t) => {
    const Status = { State: "preparing", ContainerStatus: {} };
    const starting = { ...task, Status };
    const [target] = await targetsOf(t, [starting]);
    assert.equal(target?.[`${swarm}task_container_id`], "");
    assert.deepEqual(await targetsOf(t, [{ ...starting, NetworksAttachments: null }]), []);
  });

  test("fails the whole look for an address that is none", async (t) => {
    const bad = { ...task, NetworksAttachments: [{ Network: { ID: "?" }, Addresses: ["10.0.0.4"] }] };
    await assert.rejects(targetsOf(t, [task, bad]), { message: "task t1: invalid CIDR address: 10.0.0.4" });
  });
});
