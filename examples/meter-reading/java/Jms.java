import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.jms.Connection;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.MessageConsumer;
import javax.jms.MessageProducer;
import javax.jms.Queue;
import javax.jms.Session;
import javax.jms.TextMessage;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQSslConnectionFactory;

/**
 * A JMS client on the command line, one message at a time.
 *
 * <pre>
 * Jms send    URL KEYSTORE TRUSTSTORE PASSWORDFILE QUEUE FILE   sends the file as a text message
 * Jms receive URL KEYSTORE TRUSTSTORE PASSWORDFILE QUEUE FILE   takes one message off and writes it to the file
 * Jms discard URL KEYSTORE TRUSTSTORE PASSWORDFILE QUEUE        takes one message off and prints how many it took
 * Jms plain   PORT FILE                                         sends the file to itself over TCP, without TLS
 * Jms free-port                                                 prints a port that nobody listens on
 * </pre>
 */
public final class Jms {
  private static final int PATIENCE_MS = 60_000;

  private Jms() {}

  public static void main(String[] args) {
    try {
      switch (args[0]) {
        case "send":
          send(args);
          break;
        case "receive":
          Files.writeString(Path.of(args[6]), receive(args));
          break;
        case "discard":
          receive(args);
          System.out.println(1);
          break;
        case "plain":
          plain(Integer.parseInt(args[1]), Path.of(args[2]));
          break;
        case "free-port":
          try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            System.out.println(socket.getLocalPort());
          }
          break;
        default:
          throw new IllegalArgumentException(args[0]);
      }
      System.exit(0);
    } catch (Exception e) {
      System.err.println(args[0] + ": " + e);
      System.exit(1); // threads of a broken connection would keep the process alive
    }
  }

  private static Connection connect(String[] args) throws Exception {
    if (args[2].equals("-")) {
      ActiveMQConnectionFactory plain = new ActiveMQConnectionFactory(args[1]);
      plain.setConnectResponseTimeout(PATIENCE_MS / 6);
      return plain.createConnection();
    }
    String password = Files.readAllLines(Path.of(args[4])).get(0);
    ActiveMQSslConnectionFactory factory = new ActiveMQSslConnectionFactory(args[1]);
    factory.setKeyStore(args[2]);
    factory.setKeyStoreType("PKCS12");
    factory.setKeyStorePassword(password);
    factory.setTrustStore(args[3]);
    factory.setTrustStoreType("PKCS12");
    factory.setTrustStorePassword(password);
    factory.setConnectResponseTimeout(PATIENCE_MS);
    return factory.createConnection();
  }

  private static void send(String[] args) throws Exception {
    Connection connection = connect(args);
    try {
      Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
      Queue queue = session.createQueue(args[5]);
      MessageProducer producer = session.createProducer(queue);
      producer.send(session.createTextMessage(Files.readString(Path.of(args[6]))));
    } finally {
      close(connection);
    }
  }

  private static String receive(String[] args) throws Exception {
    Connection connection = connect(args);
    try {
      connection.start();
      Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
      MessageConsumer consumer = session.createConsumer(session.createQueue(args[5]));
      Message message = consumer.receive(PATIENCE_MS);
      if (!(message instanceof TextMessage)) {
        throw new IOException("no text message came");
      }
      return ((TextMessage) message).getText();
    } finally {
      close(connection);
    }
  }

  /** What the same message looks like to somebody on the wire when it is not encrypted. */
  private static void plain(int port, Path file) throws IOException {
    try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        Socket sender = new Socket(InetAddress.getLoopbackAddress(), port);
        Socket receiver = server.accept()) {
      sender.getOutputStream().write(Files.readAllBytes(file));
      sender.shutdownOutput();
      receiver.getInputStream().readAllBytes();
    }
  }

  /** A refused connection is broken already and may say so again when it is closed. */
  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (JMSException e) {
      System.err.println("while closing: " + e.getMessage());
    }
  }
}
