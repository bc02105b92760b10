import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Keeps each reading that is posted as a file in the directory of the system property {@code readings}. */
public final class ReadingServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final AtomicInteger number = new AtomicInteger();

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
    X509Certificate[] chain = (X509Certificate[]) request.getAttribute("javax.servlet.request.X509Certificate");
    if (chain == null) {
      response.sendError(HttpServletResponse.SC_FORBIDDEN);
      return;
    }
    Path file = Path.of(System.getProperty("readings"), number.incrementAndGet() + ".json");
    Files.write(file, request.getInputStream().readAllBytes());
    response.setStatus(HttpServletResponse.SC_CREATED);
    response.setContentType("text/plain; charset=utf-8");
    response.getWriter().println("kept for " + chain[0].getSubjectX500Principal().getName());
  }
}
