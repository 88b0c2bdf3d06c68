package interop;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.apache.flume.Channel;
import org.apache.flume.Context;
import org.apache.flume.Event;
import org.apache.flume.EventDeliveryException;
import org.apache.flume.FlumeException;
import org.apache.flume.Transaction;
import org.apache.flume.conf.Configurable;
import org.apache.flume.sink.AbstractSink;

/**
 * A sink that appends each event to a file, as one line: its headers by name ("name=value", with "&amp;"
 * between two), a tab, and its body. A transaction is committed when its events are written.
 *
 * <p>Keys: {@code file}, {@code batchSize} (1000).
 */
public final class RecordingSink extends AbstractSink implements Configurable {
  private String path;
  private int batchSize;
  private OutputStream file;

  @Override
  public void configure(Context context) {
    path = context.getString("file");
    batchSize = context.getInteger("batchSize", 1000);
  }

  @Override
  public synchronized void start() {
    try {
      file = new BufferedOutputStream(new FileOutputStream(path, true), 1 << 20);
    } catch (IOException error) {
      throw new FlumeException(error);
    }
    super.start();
  }

  @Override
  public Status process() throws EventDeliveryException {
    Channel channel = getChannel();
    Transaction transaction = channel.getTransaction();
    transaction.begin();
    try {
      int taken = 0;
      for (Event event; taken < batchSize && (event = channel.take()) != null; taken++) write(event);
      file.flush();
      transaction.commit();
      return taken == 0 ? Status.BACKOFF : Status.READY;
    } catch (IOException | RuntimeException error) {
      transaction.rollback();
      throw new EventDeliveryException(error);
    } finally {
      transaction.close();
    }
  }

  private void write(Event event) throws IOException {
    StringBuilder headers = new StringBuilder();
    new TreeMap<>(event.getHeaders())
        .forEach((name, value) ->
            headers.append(headers.length() == 0 ? "" : "&").append(name).append('=').append(value));
    file.write(headers.toString().getBytes(StandardCharsets.UTF_8));
    file.write('\t');
    file.write(event.getBody());
    file.write('\n');
  }

  @Override
  public synchronized void stop() {
    try {
      file.close();
    } catch (IOException error) {
      throw new FlumeException(error);
    }
    super.stop();
  }
}
