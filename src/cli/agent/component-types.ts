/** The types of components: those that are here, by each of their names, and those that are not. */
import type { Component, Kind } from './agent-model.js';
import type { Findings } from './findings.js';
import { didYouMean } from './nearest.js';

/** What is here, by kind: the alias, and the names of the class. */
export const KNOWN = {
  sources: {
    spooldir: 'org.apache.flume.source.SpoolDirectorySource',
    avro: 'org.apache.flume.source.AvroSource',
    netcat: 'org.apache.flume.source.NetcatSource',
  },
  channels: { memory: 'org.apache.flume.channel.MemoryChannel' },
  sinks: {
    avro: 'org.apache.flume.sink.AvroSink',
    logger: 'org.apache.flume.sink.LoggerSink',
    null: 'org.apache.flume.sink.NullSink',
    file_roll: 'org.apache.flume.sink.RollingFileSink',
    spark: 'org.apache.spark.streaming.flume.sink.SparkSink',
  },
} as const;

type Typed = keyof typeof KNOWN;

export type SourceType = keyof (typeof KNOWN)['sources'];
export type ChannelType = keyof (typeof KNOWN)['channels'];
export type SinkType = keyof (typeof KNOWN)['sinks'];

const SPOOL_INSTEAD =
  'have files dropped into a directory and use spooldir, or keep a Flume agent for this and let its avro sink push to an avro source here';
const AVRO_INSTEAD =
  'keep a Flume agent with an avro source for this, and give the sink here the type avro with its hostname and port';

/** What to do about what is not here. */
export const UNSUPPORTED: Readonly<Record<Typed, Readonly<Record<string, string>>>> = {
  sources: {
    taildir: 'use spooldir, which reads a file as it grows, or logwin watch on the directory',
    exec: "use spooldir for the file, or pipe the command into 'logwin forward -'",
    seq: "it only makes numbers for tests; pipe 'seq' into 'logwin forward -'",
    stress: "it only makes load for tests; use 'logwin demo'",
    thrift: 'let the sender use its avro sink, and use the type avro here',
    http: SPOOL_INSTEAD,
    jms: SPOOL_INSTEAD,
    netcatudp: 'use netcat, which is TCP',
    syslogtcp: SPOOL_INSTEAD,
    multiport_syslogtcp: SPOOL_INSTEAD,
    syslogudp: SPOOL_INSTEAD,
    kafka: SPOOL_INSTEAD,
    scribe: SPOOL_INSTEAD,
  },
  channels: {
    file: 'use memory: with a spooldir source, what was not delivered is read again after a restart, by the journal',
    jdbc: 'use memory: with a spooldir source, what was not delivered is read again after a restart, by the journal',
    spillablememory: 'use memory, with the capacity that it is to have',
    kafka: 'use memory',
  },
  sinks: {
    hdfs: `use file_roll and 'hdfs dfs -put', or ${AVRO_INSTEAD}`,
    hive: AVRO_INSTEAD,
    hbase: AVRO_INSTEAD,
    hbase2: AVRO_INSTEAD,
    asynchbase: AVRO_INSTEAD,
    elasticsearch: AVRO_INSTEAD,
    morphline_solr: AVRO_INSTEAD,
    irc: AVRO_INSTEAD,
    http: AVRO_INSTEAD,
    kafka: AVRO_INSTEAD,
    thrift: 'use avro, and an avro source at the other end',
  },
};

/** Class names of Flume that say their alias otherwise: `KafkaSink`, `HDFSEventSink`. */
const CLASS_ENDING = /(?:Event)?(?:Source|Channel|Sink)$/;

/** Undefined where it is missing or not supported, which is a fault. */
export function componentType<K extends Typed>(
  component: Component & { readonly kind: Kind },
  kind: K,
  findings: Findings,
): keyof (typeof KNOWN)[K] | undefined {
  const entry = component.entries.get('type');
  if (entry === undefined) {
    findings.fault(
      component.place,
      `${component.path} has no type`,
      `give one of ${aliases(kind)}`,
    );
    return undefined;
  }
  const found = findType(kind, entry.value);
  if (found !== undefined) return found;
  const remedy = unsupportedRemedy(kind, entry.value);
  if (remedy !== undefined) findings.badValue(entry, 'is not supported', remedy);
  else {
    const choices = `choose one of ${aliases(kind)}`;
    findings.badValue(entry, 'is not known', didYouMean(entry.value, names(kind), choices));
  }
  return undefined;
}

function findType<K extends Typed>(kind: K, type: string): keyof (typeof KNOWN)[K] | undefined {
  for (const alias in KNOWN[kind]) {
    const isAlias = alias === type.toLowerCase() && alias !== 'spark';
    if (isAlias || KNOWN[kind][alias] === type) return alias;
  }
  return undefined;
}

/** Of an alias, or of a class that is called by it. */
function unsupportedRemedy(kind: Typed, type: string): string | undefined {
  const remedies = UNSUPPORTED[kind];
  const name = type.toLowerCase();
  if (Object.hasOwn(remedies, name)) return remedies[name];
  if (!type.includes('.')) return undefined;
  const simple = type
    .slice(type.lastIndexOf('.') + 1)
    .replace(CLASS_ENDING, '')
    .toLowerCase();
  if (Object.hasOwn(remedies, simple)) return remedies[simple];
  return `it is a class of Java's, and only those of ${aliases(kind)} are here`;
}

function names(kind: Typed): readonly string[] {
  return [
    ...Object.keys(KNOWN[kind]).filter((name) => name !== 'spark'),
    ...Object.keys(UNSUPPORTED[kind]),
  ];
}

function aliases(kind: Typed): string {
  return Object.keys(KNOWN[kind])
    .filter((name) => name !== 'spark')
    .join(', ');
}
