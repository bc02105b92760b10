import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import javax.jms.Connection;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.Queue;
import javax.jms.Session;
import javax.jms.TextMessage;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.apache.activemq.ActiveMQSslConnectionFactory;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.SslContext;

/**
 * An ActiveMQ broker on loopback that demands client certificates, and three JMS clients: one that must get its message
 * back and two that must be turned away.
 *
 * <p>Usage: {@code BrokerCheck HOST BROKER BROKERTRUST CLIENT CLIENTTRUST FOREIGN}, where each word after HOST is two
 * arguments: a keystore (JKS or PKCS12) and its password file (first line: the store; second, if any: its keys). HOST is
 * the name the clients connect to and expect in the broker's certificate; it must resolve to 127.0.0.1. FOREIGN holds the
 * key of a client whose CA the broker does not trust.
 *
 * <p>Prints {@code SERVED <serial>} (lower-case hex) and one {@code PASS} or {@code FAIL} line per client; the exit status
 * is the number of failures, 99 if the broker did not start.
 */
public final class BrokerCheck {
  private static final int NOT_STARTED = 99;
  private static final int PATIENCE_MS = 10_000;

  private final String host;
  private final int port;
  private final TrustManager[] trust;
  private int failures;

  private BrokerCheck(String host, int port, TrustManager[] trust) {
    this.host = host;
    this.port = port;
    this.trust = trust;
  }

  public static void main(String[] args) {
    try {
      BrokerService broker = start(keys(open(args, 1)), trust(open(args, 3)));
      int port = broker.getTransportConnectors().get(0).getConnectUri().getPort();
      BrokerCheck check = new BrokerCheck(args[0], port, trust(open(args, 7)));
      KeyManager[] client = presenting(open(args, 5));
      KeyManager[] foreign = presenting(open(args, 9));
      check.observe(client);
      check.expect(true, "right client certificate", client);
      check.expect(false, "client certificate of another CA", foreign);
      check.expect(false, "no client certificate", null);
      broker.stop();
      System.exit(check.failures);
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(NOT_STARTED); // the broker's own threads would keep the process alive
    }
  }

  private static BrokerService start(KeyManager[] keys, TrustManager[] trust) throws Exception {
    BrokerService broker = new BrokerService();
    broker.setBrokerName("certroll-tests");
    broker.setPersistent(false);
    broker.setUseJmx(false);
    broker.setAdvisorySupport(false);
    broker.setUseShutdownHook(false);
    broker.setSslContext(new SslContext(keys, trust, null));
    broker.addConnector("ssl://127.0.0.1:0?needClientAuth=true&transport.enabledProtocols=TLSv1.3,TLSv1.2");
    broker.start();
    if (!broker.waitUntilStarted(PATIENCE_MS)) {
      throw new IllegalStateException("the broker did not start");
    }
    return broker;
  }

  /**
   * Prints the serial number of the certificate that the broker serves to a plain TLS client. An observation only: whether
   * client and broker like each other is for the JMS clients to find out, so a handshake that fails later does not matter.
   */
  private void observe(KeyManager[] keys) throws GeneralSecurityException {
    Witness witness = new Witness();
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys, new TrustManager[] {witness}, new SecureRandom());
    try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(host, port)) {
      socket.setSoTimeout(PATIENCE_MS);
      socket.startHandshake();
    } catch (IOException e) {
      System.err.println("while observing: " + e.getMessage());
    }
    if (witness.leaf == null) {
      report(false, "TLS handshake", "the broker served no certificate");
    } else {
      String serial = witness.leaf.getSerialNumber().toString(16);
      System.out.println("SERVED " + (serial.length() % 2 == 0 ? serial : "0" + serial));
    }
  }

  private void expect(boolean welcome, String client, KeyManager[] keys) {
    try {
      boolean delivered = exchange(keys);
      report(delivered == welcome, client, delivered ? "the message came back" : "no message came back");
    } catch (JMSException e) {
      // A refused handshake reaches a JMS client in many wordings; only that it was refused is certain.
      report(!welcome, client, "refused: " + e.getMessage());
    } catch (Exception e) {
      report(false, client, e.toString());
    }
  }

  /** Sends one message to a queue and takes it out again. */
  private boolean exchange(KeyManager[] keys) throws Exception {
    ActiveMQSslConnectionFactory factory = new ActiveMQSslConnectionFactory("ssl://" + host + ":" + port);
    factory.setKeyAndTrustManagers(keys, trust, new SecureRandom());
    factory.setConnectResponseTimeout(PATIENCE_MS);
    Connection connection = factory.createConnection();
    try {
      connection.start();
      Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
      Queue queue = session.createQueue("readings");
      String text = "reading " + System.nanoTime();
      session.createProducer(queue).send(session.createTextMessage(text));
      Message received = session.createConsumer(queue).receive(PATIENCE_MS);
      return received instanceof TextMessage && text.equals(((TextMessage) received).getText());
    } finally {
      closeQuietly(connection);
    }
  }

  /** A refused connection is broken already and may say so again when it is closed. */
  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (JMSException e) {
      System.err.println("while closing: " + e.getMessage());
    }
  }

  private void report(boolean right, String what, String result) {
    failures += right ? 0 : 1;
    System.out.println((right ? "PASS " : "FAIL ") + what + ": " + result);
  }

  private record Opened(KeyStore store, char[] keyPassword) {}

  private static Opened open(String[] args, int at) throws Exception {
    List<String> passwords = Files.readAllLines(Path.of(args[at + 1]));
    KeyStore store = KeyStore.getInstance(Path.of(args[at]).toFile(), passwords.get(0).toCharArray());
    return new Opened(store, passwords.get(passwords.size() > 1 ? 1 : 0).toCharArray());
  }

  private static KeyManager[] keys(Opened opened) throws GeneralSecurityException {
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(opened.store(), opened.keyPassword());
    return factory.getKeyManagers();
  }

  private static TrustManager[] trust(Opened opened) throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(opened.store());
    return factory.getTrustManagers();
  }

  /**
   * Key managers that present the store's certificate whatever CAs the server asks for. Java's own stay silent when no
   * certificate fits that list, and the foreign client would then only repeat the client without a certificate.
   */
  private static KeyManager[] presenting(Opened opened) throws Exception {
    for (String alias : Collections.list(opened.store().aliases())) {
      if (opened.store().isKeyEntry(alias)) {
        PrivateKey key = (PrivateKey) opened.store().getKey(alias, opened.keyPassword());
        var entries = List.of(opened.store().getCertificateChain(alias));
        X509Certificate[] chain = entries.toArray(X509Certificate[]::new);
        return new KeyManager[] {new Insistent(alias, key, chain)};
      }
    }
    throw new GeneralSecurityException("the client's keystore holds no private key");
  }

  /** Remembers what it was shown and has no opinion. */
  private static final class Witness implements X509TrustManager {
    private X509Certificate leaf;

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
      leaf = chain[0];
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
      throw new CertificateException("a client meets no clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static final class Insistent extends X509ExtendedKeyManager {
    private final String alias;
    private final PrivateKey key;
    private final X509Certificate[] chain;

    Insistent(String alias, PrivateKey key, X509Certificate[] chain) {
      this.alias = alias;
      this.key = key;
      this.chain = chain;
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return List.of(types).contains(key.getAlgorithm()) ? alias : null;
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
      return chooseClientAlias(types, issuers, null);
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {alias};
    }

    @Override
    public X509Certificate[] getCertificateChain(String name) {
      return chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String name) {
      return key;
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return null;
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return null;
    }
  }
}
