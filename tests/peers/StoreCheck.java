import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import javax.crypto.SecretKey;

/**
 * Opens a keystore as a Java server would, and proves that each private key in it belongs to its certificate.
 *
 * <p>Usage: {@code StoreCheck KEYSTORE PASSWORDFILE}. The first line of the password file opens the store; a second line,
 * if there is one, is the password of its keys. The type (JKS or PKCS12) is found out from the file.
 *
 * <p>Prints one line per entry, fields separated by tabs: alias, {@code key|trusted|secret}, key algorithm, length of the
 * chain, serial number of the leaf in lower-case hex. Exit status 0 only if the store opened, every key could be recovered
 * and its signatures verify with the leaf, and every chain is signed link by link.
 */
public final class StoreCheck {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeyStore store;
  private final char[] keyPassword;

  private StoreCheck(Path file, Path passwordFile) throws Exception {
    List<String> passwords = Files.readAllLines(passwordFile);
    store = KeyStore.getInstance(file.toFile(), passwords.get(0).toCharArray());
    keyPassword = passwords.get(passwords.size() > 1 ? 1 : 0).toCharArray();
  }

  public static void main(String[] args) {
    int failures = 0;
    try {
      StoreCheck check = new StoreCheck(Path.of(args[0]), Path.of(args[1]));
      for (String alias : Collections.list(check.store.aliases())) {
        try {
          System.out.println(escape(alias) + "\t" + check.entry(alias));
        } catch (Exception e) {
          System.err.println(escape(alias) + ": " + e);
          failures++;
        }
      }
    } catch (Exception e) {
      System.err.println(args[0] + ": " + e);
      failures++;
    }
    System.exit(failures == 0 ? 0 : 1);
  }

  /** The fields of one entry after its alias. */
  private String entry(String alias) throws GeneralSecurityException {
    if (store.isCertificateEntry(alias)) {
      Certificate trusted = store.getCertificate(alias);
      return String.join("\t", "trusted", trusted.getPublicKey().getAlgorithm(), "1", serial(trusted));
    }
    Key key = store.getKey(alias, keyPassword);
    if (key instanceof SecretKey) {
      return String.join("\t", "secret", key.getAlgorithm(), "0", "-");
    }
    Certificate[] chain = store.getCertificateChain(alias);
    if (chain == null || chain.length == 0) {
      throw new GeneralSecurityException("the private key has no certificate");
    }
    for (int i = 0; i + 1 < chain.length; i++) {
      chain[i].verify(chain[i + 1].getPublicKey());
    }
    requirePair((PrivateKey) key, chain[0].getPublicKey());
    return String.join("\t", "key", key.getAlgorithm(), Integer.toString(chain.length), serial(chain[0]));
  }

  /** Signs random bytes with the private key; the public key must accept them, and refuse them after one flipped bit. */
  private static void requirePair(PrivateKey privateKey, PublicKey publicKey) throws GeneralSecurityException {
    byte[] message = new byte[64];
    RANDOM.nextBytes(message);
    Signature signer = Signature.getInstance(signatureAlgorithm(privateKey));
    signer.initSign(privateKey);
    signer.update(message);
    byte[] signature = signer.sign();
    if (!accepts(publicKey, signer.getAlgorithm(), message, signature)) {
      throw new GeneralSecurityException("the private key does not belong to the certificate");
    }
    message[0] ^= 1;
    if (accepts(publicKey, signer.getAlgorithm(), message, signature)) {
      throw new GeneralSecurityException("the certificate's key accepts a signature of other bytes");
    }
  }

  private static boolean accepts(PublicKey key, String algorithm, byte[] message, byte[] signature)
      throws GeneralSecurityException {
    Signature verifier = Signature.getInstance(algorithm);
    verifier.initVerify(key);
    verifier.update(message);
    return verifier.verify(signature);
  }

  private static String signatureAlgorithm(PrivateKey key) throws GeneralSecurityException {
    switch (key.getAlgorithm()) {
      case "RSA":
        return "SHA256withRSA";
      case "EC":
        return "SHA256withECDSA";
      case "EdDSA":
        return "EdDSA";
      default:
        throw new GeneralSecurityException("no signature algorithm is known for keys of type " + key.getAlgorithm());
    }
  }

  /** Whole bytes, so that leading zeros stay as OpenSSL and certroll print them. */
  private static String serial(Certificate certificate) {
    BigInteger number = ((X509Certificate) certificate).getSerialNumber();
    String digits = number.toString(16);
    return digits.length() % 2 == 0 ? digits : "0" + digits;
  }

  private static String escape(String alias) {
    return alias.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r");
  }
}
