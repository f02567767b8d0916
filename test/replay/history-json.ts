import { createRequire } from 'node:module';
import * as proto from '@temporalio/proto';
import { patchProtobufRoot } from '@temporalio/proto/lib/patch-protobuf-root';

export type History = proto.temporal.api.history.v1.IHistory;

interface ProtoJson {
  fromJson(type: unknown, json: unknown): History;
  toJson(type: unknown, history: History): unknown;
}

// The SDK's historyToJSON and historyFromJSON fail with "type must be a Type" where npm installs protobufjs once per
// package, as it does here: a type is only known to the copy that made it. So the copy of the types' own package is used.
const protoJson = createRequire(require.resolve('@temporalio/proto'))('protobufjs/ext/protojson') as ProtoJson;

interface TypeRoot {
  lookupType(name: string): unknown;
}
const historyType = (patchProtobufRoot(proto) as unknown as TypeRoot).lookupType('temporal.api.history.v1.History');

/** The JSON that Temporal's own tools write and read. */
export function historyToJson(history: History): { events: { eventType: string }[] } {
  return protoJson.toJson(historyType, proto.temporal.api.history.v1.History.fromObject(history)) as never;
}

export function historyFromJson(json: unknown): History {
  return protoJson.fromJson(historyType, json);
}
