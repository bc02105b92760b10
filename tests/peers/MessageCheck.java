import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Signs and verifies messages the way a JMS client would, with nothing but the JDK.
 *
 * <ul>
 *   <li>{@code sign KEYSTORE PASSWORDFILE ALGORITHM MESSAGE} prints a bare signature in base64.
 *   <li>{@code verify CERTIFICATE ALGORITHM MESSAGE SIGNATURE} checks one.
 *   <li>{@code seal KEYSTORE PASSWORDFILE MESSAGE NUMBER SECONDS} prints an envelope: a JWS in compact form.
 *   <li>{@code open ENVELOPE} checks the signature of one and prints sender, number and time, then the message.
 * </ul>
 *
 * <p>Exit status 0 if it held, 1 if a signature does not verify, 2 for anything else.
 */
public final class MessageCheck {
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

  public static void main(String[] args) {
    try {
      System.exit(run(args) ? 0 : 1);
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(2);
    }
  }

  private static boolean run(String[] args) throws Exception {
    switch (args[0]) {
      case "sign":
        Entry entry = new Entry(args[1], args[2]);
        byte[] signed = sign(entry.key, args[3], Files.readAllBytes(Path.of(args[4])));
        System.out.println(Base64.getEncoder().encodeToString(signed));
        return true;
      case "verify":
        byte[] signature = Base64.getMimeDecoder().decode(Files.readString(Path.of(args[4])).trim());
        return verify(certificate(Files.readAllBytes(Path.of(args[1]))), args[2], Files.readAllBytes(Path.of(args[3])), signature);
      case "seal":
        System.out.println(seal(new Entry(args[1], args[2]), Files.readAllBytes(Path.of(args[3])), args[4], args[5]));
        return true;
      case "open":
        return open(Files.readString(Path.of(args[1])).trim());
      default:
        throw new IllegalArgumentException(args[0]);
    }
  }

  /** The one key of a keystore. */
  private static final class Entry {
    private final PrivateKey key;
    private final Certificate[] chain;

    private Entry(String store, String passwordFile) throws Exception {
      List<String> passwords = Files.readAllLines(Path.of(passwordFile));
      KeyStore opened = KeyStore.getInstance(Path.of(store).toFile(), passwords.get(0).toCharArray());
      String alias = null;
      for (String candidate : Collections.list(opened.aliases())) {
        if (opened.isKeyEntry(candidate)) {
          alias = candidate;
        }
      }
      Key found = opened.getKey(alias, passwords.get(passwords.size() > 1 ? 1 : 0).toCharArray());
      key = (PrivateKey) found;
      chain = opened.getCertificateChain(alias);
    }
  }

  private static byte[] sign(PrivateKey key, String algorithm, byte[] message) throws GeneralSecurityException {
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(message);
    return signer.sign();
  }

  private static boolean verify(X509Certificate by, String algorithm, byte[] message, byte[] signature)
      throws GeneralSecurityException {
    Signature verifier = Signature.getInstance(algorithm);
    verifier.initVerify(by.getPublicKey());
    verifier.update(message);
    return verifier.verify(signature);
  }

  private static X509Certificate certificate(byte[] bytes) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes));
  }

  private static String seal(Entry entry, byte[] message, String number, String seconds) throws Exception {
    X509Certificate own = (X509Certificate) entry.chain[0];
    boolean rsa = own.getPublicKey().getAlgorithm().equals("RSA");
    byte[] thumbprint = MessageDigest.getInstance("SHA-256").digest(own.getEncoded());
    StringBuilder certificates = new StringBuilder();
    for (Certificate one : entry.chain) {
      String separator = certificates.length() == 0 ? "\"" : ",\"";
      certificates.append(separator).append(Base64.getEncoder().encodeToString(one.getEncoded())).append('"');
    }
    String name = own.getSubjectX500Principal().getName().replaceFirst(".*CN=([^,]+).*", "$1");
    String header =
        "{\"alg\":\"" + (rsa ? "RS256" : "ES256") + "\",\"typ\":\"certroll-envelope-v1\",\"crit\":[\"iat\",\"seq\"],"
            + "\"iat\":" + seconds + ",\"seq\":" + number + ",\"iss\":\"" + name + "\","
            + "\"x5t#S256\":\"" + URL.encodeToString(thumbprint) + "\",\"x5c\":[" + certificates + "]}";
    String input = URL.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "." + URL.encodeToString(message);
    String algorithm = rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format";
    byte[] signature = sign(entry.key, algorithm, input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + URL.encodeToString(signature);
  }

  /** A real client has a JSON parser, checks the certificate against its truststore, and remembers the number. */
  private static boolean open(String envelope) throws Exception {
    String[] parts = envelope.split("\\.");
    String header = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
    X509Certificate by = certificate(Base64.getDecoder().decode(field(header, "\"x5c\":\\[\"([^\"]+)\"")));
    String algorithm;
    switch (field(header, "\"alg\":\"([^\"]+)\"")) {
      case "RS256":
        algorithm = "SHA256withRSA";
        break;
      case "ES256":
        algorithm = "SHA256withECDSAinP1363Format";
        break;
      case "ES384":
        algorithm = "SHA384withECDSAinP1363Format";
        break;
      default:
        algorithm = "Ed25519";
    }
    byte[] input = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
    if (!verify(by, algorithm, input, Base64.getUrlDecoder().decode(parts[2]))) {
      return false;
    }
    String sender = field(header, "\"iss\":\"([^\"]+)\"");
    System.out.println(sender + " " + field(header, "\"seq\":([0-9]+)") + " " + field(header, "\"iat\":([0-9]+)"));
    System.out.print(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
    return true;
  }

  private static String field(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("no " + pattern);
    }
    return matcher.group(1);
  }
}
