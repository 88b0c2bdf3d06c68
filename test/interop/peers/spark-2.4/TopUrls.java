package interop;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.streaming.Durations;
import org.apache.spark.streaming.api.java.JavaPairDStream;
import org.apache.spark.streaming.api.java.JavaReceiverInputDStream;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import org.apache.spark.streaming.flume.FlumeUtils;
import org.apache.spark.streaming.flume.SparkFlumeEvent;
import scala.Tuple2;

/**
 * A Spark job that counts URLs over a window of five minutes, and prints the ten largest counts each
 * second. Arguments: {@code push} (it listens) or {@code pull} (it connects), host, port, a directory
 * for checkpoints.
 */
public final class TopUrls {
  private static final Pattern COMBINED =
      Pattern.compile(
          "\\S+\\s+\\S+\\s+\\S+\\s+\\[.+\\]\\s+\"(.+)\"\\s+[0-9]+\\s+\\S+\\s+\".*\"\\s+\".*\"\\s*");

  public static void main(String[] args) throws Exception {
    SparkConf settings =
        new SparkConf().setMaster("local[2]").setAppName("TopUrls").set("spark.ui.enabled", "false");
    JavaStreamingContext streaming = new JavaStreamingContext(settings, Durations.seconds(1));
    streaming.sparkContext().setLogLevel("ERROR");
    int port = Integer.parseInt(args[2]);
    JavaReceiverInputDStream<SparkFlumeEvent> events =
        args[0].equals("push")
            ? FlumeUtils.createStream(streaming, args[1], port)
            : FlumeUtils.createPollingStream(streaming, args[1], port);
    JavaPairDStream<String, Integer> counts =
        events
            .mapToPair(event -> new Tuple2<>(urlOf(bodyOf(event)), 1))
            .reduceByKeyAndWindow(
                (one, other) -> one + other,
                (one, other) -> one - other,
                Durations.seconds(300),
                Durations.seconds(1));
    counts
        .mapToPair(Tuple2::swap)
        .transformToPair(rows -> rows.sortByKey(false, 1))
        .mapToPair(Tuple2::swap)
        .print(10);
    streaming.checkpoint(args[3]);
    streaming.start();
    streaming.awaitTermination();
  }

  private static String bodyOf(SparkFlumeEvent event) {
    return new String(event.event().getBody().array(), StandardCharsets.ISO_8859_1);
  }

  /** The second word of the request; null where there is none, or no request. */
  private static String urlOf(String line) {
    Matcher match = COMBINED.matcher(line);
    if (!match.matches()) return null;
    String[] words = match.group(1).trim().split("\\s+");
    return words.length > 1 ? words[1] : null;
  }
}
