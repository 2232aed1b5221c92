// A real Valkey Cluster of its own for a test file: primaries and their replicas on loopback, each a process
// that ends with the process that started it.

import type { Redis } from 'iovalkey';
import { slotCount } from '../../streams/valkey/cluster.ts';
import { connect } from '../../streams/valkey/connection.ts';
import { freePort } from './ports.ts';
import { startTestValkey, type TestValkey } from './valkey.ts';

export interface ClusterNode extends TestValkey {
  /** Of the cluster, not of the process. */
  readonly id: string;
  readonly busPort: number;
  readonly admin: Redis;
}

export interface TestCluster {
  /** Addresses of all nodes, separated by commas. */
  readonly url: string;
  readonly nodes: readonly ClusterNode[];
  /** Nodes that are primaries now. */
  primaries(): Promise<ClusterNode[]>;
  /** One more primary, empty and without slots. */
  join(): Promise<ClusterNode>;
  /** Moves a slot with all its keys, while both nodes serve. */
  moveSlot(slot: number, from: ClusterNode, to: ClusterNode): Promise<void>;
  /** Resolves when every slot is served and every living node agrees. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const nodeTimeoutMs = 1_500;

/** As many replicas as primaries. With a password none of them lets in anybody who does not know it. */
export async function startTestCluster(primaryCount = 3, password = ''): Promise<TestCluster> {
  const started = await Promise.all(Array.from({ length: 2 * primaryCount }, () => startNode(password)));
  const [first] = started;
  if (first === undefined) throw new Error('a cluster has nodes');
  const meet = ({ port, busPort }: ClusterNode) =>
    first.admin.call('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
  const known = () =>
    until(async () => {
      const infos = await Promise.all(started.map(({ admin }) => admin.cluster('INFO')));
      return infos.every((info) => String(info).includes(`cluster_known_nodes:${started.length}`));
    }, 'all nodes know each other');
  for (const node of started.slice(1)) await meet(node);
  for (let i = 0; i < primaryCount; i++) {
    const from = Math.floor((slotCount * i) / primaryCount);
    const to = Math.floor((slotCount * (i + 1)) / primaryCount) - 1;
    await started[i]?.admin.call('CLUSTER', 'ADDSLOTSRANGE', from, to);
  }
  await known();
  for (const [index, node] of started.slice(primaryCount).entries()) {
    const primary = started[index];
    // Refused until the gossip has told of the primary's slots.
    await until(
      () =>
        node.admin.call('CLUSTER', 'REPLICATE', primary?.id ?? '').then(
          () => true,
          () => false,
        ),
      'a replica follows its primary',
    );
  }
  const cluster: TestCluster = {
    url: started.map(({ url }) => url).join(),
    nodes: started,
    async primaries() {
      const roles = await Promise.all(started.map(({ admin }) => admin.call('ROLE').catch(() => [])));
      return started.filter((_, index) => String((roles[index] as unknown[])[0]) === 'master');
    },
    async join() {
      const node = await startNode(password);
      started.push(node);
      await meet(node);
      await known();
      await settled(started);
      return node;
    },
    moveSlot: (slot, from, to) => moveSlot(slot, from, to, started),
    settled: () => settled(started),
    async stop() {
      for (const { admin } of started) admin.disconnect();
      await Promise.all(started.map((node) => node.stop()));
    },
  };
  await cluster.settled();
  return cluster;
}

async function startNode(password: string): Promise<ClusterNode> {
  const busPort = await freePort();
  const clustered = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)];
  // Partitions do not need each other, so those whose primary lives go on.
  const patience = ['--cluster-node-timeout', String(nodeTimeoutMs), '--cluster-require-full-coverage', 'no'];
  const eager = ['--repl-diskless-sync-delay', '0'];
  // By which a replica is let in by its primary.
  const known = password === '' ? [] : ['--primaryauth', password];
  const valkey = await startTestValkey([...clustered, ...patience, ...eager, ...known], password);
  const admin = connect(valkey.url, 'test-admin');
  await until(() => admin.status === 'ready', 'a node answers');
  const id = String(await admin.call('CLUSTER', 'MYID'));
  return { ...valkey, id, busPort, admin };
}

/** Every slot is served, and every replica that lives has caught up. */
async function settled(nodes: readonly ClusterNode[]): Promise<void> {
  const isWell = async ({ admin }: ClusterNode): Promise<boolean | null> => {
    const told = await Promise.all([admin.cluster('INFO'), admin.info('replication')]).catch(() => null);
    if (told === null) return null;
    const [cluster, replication] = told.map(String);
    const linked = !/role:slave/.test(replication ?? '') || /master_link_status:up/.test(replication ?? '');
    return linked && cluster?.includes('cluster_state:ok') === true;
  };
  await until(async () => {
    const living = (await Promise.all(nodes.map(isWell))).filter((well) => well !== null);
    return living.length > 0 && living.every((well) => well);
  }, 'the cluster is well');
}

/** As `valkey-cli --cluster reshard` does it. */
async function moveSlot(
  slot: number,
  from: ClusterNode,
  to: ClusterNode,
  all: readonly ClusterNode[],
): Promise<void> {
  const password = decodeURIComponent(new URL(to.url).password);
  const known = password === '' ? [] : ['AUTH', password];
  await to.admin.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
  await from.admin.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
  for (;;) {
    const keys = (await from.admin.call('CLUSTER', 'GETKEYSINSLOT', slot, 10)) as string[];
    if (keys.length === 0) break;
    await from.admin.call('MIGRATE', '127.0.0.1', to.port, '', 0, 5_000, ...known, 'KEYS', ...keys);
  }
  // The new owner first, so that nobody is sent to where nobody is.
  const others = all.filter((node) => node !== to && node !== from);
  for (const node of [to, from, ...others]) {
    // Replicas learn it from their primaries.
    await node.admin.call('CLUSTER', 'SETSLOT', slot, 'NODE', to.id).catch(() => undefined);
  }
}

const untilMsMax = 20_000;

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + untilMsMax; !(await holds()); ) {
    if (Date.now() > deadline) throw new Error(`not within ${untilMsMax} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
