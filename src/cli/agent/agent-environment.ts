/** The machine that this runs on, for what in an agent's file asks for it. */
import { hostname, networkInterfaces } from 'node:os';
import type { AgentEnvironment } from './judging.js';

export function agentEnvironment(): AgentEnvironment {
  return {
    variables: process.env,
    hostName: hostname(),
    hostAddress: ownAddress(),
    now: new Date(),
  };
}

/** The first that others can reach, else the loopback's. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outer = all.find(({ family, internal }) => family === 'IPv4' && !internal);
  return outer?.address ?? '127.0.0.1';
}
