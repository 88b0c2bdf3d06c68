/** The examples that the help ends with. */

export const EXAMPLES = `
Examples:
  logwin demo               see it at work, with nothing to set up
  logwin watch ./spool      the top URLs of the last five minutes, every second
  logwin count access.log   the top URLs of a file

'logwin <command> --help' tells more.`;

/** What may follow a URL; docs/network.md says what each is. */
const PARAMETERS = `
A URL may have parameters, then in quotes: '?compression=deflate&level=6',
'?tls=on', '?cert=FILE&key=FILE&ca=FILE'; also pfx, passphrase-file, trust=all
and tls-order.`;

export const WATCH_EXAMPLES = `
Durations read as 300, 0.5, 300s, 200ms, 5m or 1h, sizes as 500, 64KiB or 10kB.

Examples:
  logwin watch ./spool --window 300 --slide 1
  logwin watch ./spool --by host,status --top 20 --after move:./done
  logwin watch ./spool --output ndjson | jq -c '.top[0]'
  tail -F access.log | logwin watch - --window 1m
  logwin watch avro://0.0.0.0:9092 --by header.host,status
  logwin watch 'flume+pull://agent:9988?batch=100' --state ./st --ack durable
${PARAMETERS}`;

export const COUNT_EXAMPLES = `
Examples:
  logwin count access.log access.log.1.gz
  zcat access.log.*.gz | logwin count --by status --top 0 --output csv`;

export const FORWARD_EXAMPLES = `
Durations read as 300, 0.5, 300s, 200ms, 5m or 1h, sizes as 500, 64KiB or 10kB.

Examples:
  logwin forward ./spool --to avro://flume:4141 --header file --header timestamp
  logwin forward ./spool --to avro://a:9092,b:9092 --balance round-robin
  logwin forward ./spool --to flume+pull://0.0.0.0:9988
${PARAMETERS}`;

export const AGENT_EXAMPLES = `
Examples:
  logwin agent --conf-file sparkstreamingflume.conf --name a1
  logwin agent -f example.conf -n a1 -Dflume.root.logger=INFO,console
  logwin agent -f flume.conf -n a1 --check`;

export const DEMO_EXAMPLES = `
Examples:
  logwin demo
  logwin demo --window 10 --by status --ticks 5`;
