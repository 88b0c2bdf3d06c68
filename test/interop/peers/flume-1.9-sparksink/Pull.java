package interop;

import java.net.InetSocketAddress;
import org.apache.avro.ipc.NettyTransceiver;
import org.apache.avro.ipc.specific.SpecificRequestor;
import org.apache.spark.streaming.flume.sink.EventBatch;
import org.apache.spark.streaming.flume.sink.SparkFlumeProtocol;

/**
 * Pulls from a SparkSink with the classes that Spark's polling stream uses. Arguments: host, port, and
 * the calls: {@code get:N}, {@code ack}, {@code nack}, the last two for the batch that came last. Prints
 * a line for each.
 */
public final class Pull {
  public static void main(String[] args) throws Exception {
    InetSocketAddress address = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
    NettyTransceiver transceiver = new NettyTransceiver(address);
    SparkFlumeProtocol sink = SpecificRequestor.getClient(SparkFlumeProtocol.class, transceiver);
    CharSequence sequence = "";
    for (int argument = 2; argument < args.length; argument++) {
      String call = args[argument];
      if (call.startsWith("get:")) {
        EventBatch batch = sink.getEventBatch(Integer.parseInt(call.substring(4)));
        sequence = batch.getSequenceNumber();
        System.out.println(call + " " + batch.getEvents().size() + " " + batch.getErrorMsg());
      } else if (call.equals("ack")) {
        System.out.println(call + " " + sink.ack(sequence));
      } else {
        System.out.println(call + " " + sink.nack(sequence));
      }
    }
    transceiver.close();
  }
}
