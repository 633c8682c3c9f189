/** What Docker's API really sends, cut to what discovery reads and a little more. */
/** Global: no replicas are told. */
export const globalService = {
  ID: "s1",
  Spec: {
    Name: "web",
    Labels: { tier: "front" },
    TaskTemplate: { ContainerSpec: { Image: "web:1" } },
    Mode: { Global: {} },
  },
  Endpoint: {
    Ports: [
      { Name: "http", Protocol: "tcp", TargetPort: 80, PublishedPort: 8081, PublishMode: "ingress" },
      { Protocol: "udp", TargetPort: 53, PublishedPort: 8053, PublishMode: "ingress" },
    ],
  },
};

export const manager = {
  ID: "n1",
  Spec: { Labels: { rack: "r1" }, Role: "manager", Availability: "active" },
  Description: {
    Hostname: "boss",
    Platform: { Architecture: "x86_64", OS: "linux" },
    Engine: { EngineVersion: "20.10" },
  },
  Status: { State: "ready", Addr: "10.1.0.1" },
  ManagerStatus: { Leader: true },
};

export const task = {
  ID: "t1",
  ServiceID: "s1",
  NodeID: "n1",
  Slot: 2,
  DesiredState: "running",
  Spec: { ContainerSpec: { Labels: { "com.example/of": "web" } } },
  Status: { State: "running", ContainerStatus: { ContainerID: "c1", PID: 7 }, PortStatus: {} },
  NetworksAttachments: [
    { Network: { ID: "net-ingress" }, Addresses: ["10.0.0.4/24"] },
    { Network: { ID: "net-unknown" }, Addresses: ["10.0.1.3/24", "fd00::3/64"] },
  ],
};

/** To a network, with the addresses there. */
export const attached = (NetworkID: string, IPAddress: string, GlobalIPv6Address = "") => ({
  NetworkID,
  IPAddress,
  GlobalIPv6Address,
});

export const container = {
  Id: "c1",
  Names: ["/web", "/alias"],
  Image: "web:1",
  ImageID: "sha256:1",
  Labels: { "com.example/x-y": "z" },
  Ports: [
    { IP: "127.0.0.1", PrivatePort: 9100, PublicPort: 19100, Type: "tcp" },
    { PrivatePort: 53, Type: "udp" },
    { PrivatePort: 9101, Type: "tcp" },
  ],
  HostConfig: { NetworkMode: "plain" },
  NetworkSettings: { Networks: { plain: attached("net-plain", "172.20.0.2") } },
};
