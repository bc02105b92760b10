import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.AbstractHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * A Jetty server on loopback with TLS 1.3 and 1.2 and one AES-256 suite for each.
 *
 * <p>Usage: {@code JettyCheck KEYSTORE PASSWORDFILE} for a server that asks nobody who they are, or {@code JettyCheck
 * KEYSTORE PASSWORDFILE TRUSTSTORE PASSWORDFILE} for one that demands a client certificate which the truststore vouches
 * for. Password files: first line the store's password, second, if any, that of its keys.
 *
 * <p>Prints {@code READY <port>}, answers every request with the negotiated suite and the client's subject, and ends when
 * its standard input is closed.
 */
public final class JettyCheck {
  private JettyCheck() {}

  public static void main(String[] args) {
    try {
      Server server = new Server();
      ServerConnector connector = connector(server, tls(args));
      server.addConnector(connector);
      server.setHandler(new WhoAmI());
      server.start();
      System.out.println("READY " + connector.getLocalPort());
      while (System.in.read() >= 0) {
        // only the end of the input matters
      }
      server.stop();
      System.exit(0);
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(1); // threads of a half-started server would keep the process alive
    }
  }

  private static SslContextFactory.Server tls(String[] args) throws IOException {
    List<String> passwords = Files.readAllLines(Path.of(args[1]));
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStorePath(args[0]);
    tls.setKeyStorePassword(passwords.get(0));
    tls.setKeyManagerPassword(passwords.get(passwords.size() > 1 ? 1 : 0));
    if (args.length > 2) {
      tls.setTrustStorePath(args[2]);
      tls.setTrustStorePassword(Files.readAllLines(Path.of(args[3])).get(0));
      tls.setNeedClientAuth(true);
    }
    tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    tls.setExcludeCipherSuites();
    tls.setIncludeCipherSuites("TLS_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    return tls;
  }

  private static ServerConnector connector(Server server, SslContextFactory.Server tls) {
    HttpConfiguration http = new HttpConfiguration();
    http.addCustomizer(new SecureRequestCustomizer());
    ServerConnector connector =
        new ServerConnector(server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    return connector;
  }

  private static final class WhoAmI extends AbstractHandler {
    @Override
    public void handle(String target, Request base, HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      Object chain = request.getAttribute("javax.servlet.request.X509Certificate");
      String client = chain == null ? "none" : ((X509Certificate[]) chain)[0].getSubjectX500Principal().getName();
      response.setContentType("text/plain; charset=utf-8");
      response.getWriter().println("suite: " + request.getAttribute("javax.servlet.request.cipher_suite"));
      response.getWriter().println("client: " + client);
      base.setHandled(true);
    }
  }
}
