import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Opens an encrypted PKCS#8 key in PEM with nothing but the JDK, and prints the algorithm of the key.
 *
 * <p>Usage: {@code KeyCheck KEYFILE PASSWORDFILE}. Exit status 0 only if the key opened and a key factory took it.
 */
public final class KeyCheck {
  private KeyCheck() {}

  public static void main(String[] args) {
    try {
      String pem = Files.readString(Path.of(args[0]));
      String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(Base64.getDecoder().decode(base64));
      char[] password = Files.readAllLines(Path.of(args[1])).get(0).toCharArray();
      AlgorithmParameters parameters = info.getAlgParameters();
      // For PBES2 the JDK names key derivation and cipher in the parameters alone.
      String algorithm = parameters.toString();
      Key secret = SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password));
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(Cipher.DECRYPT_MODE, secret, parameters);
      System.out.println(open(info, cipher));
    } catch (Exception e) {
      System.err.println(args[0] + ": " + e);
      System.exit(1);
    }
  }

  private static String open(EncryptedPrivateKeyInfo info, Cipher cipher) throws Exception {
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        PrivateKey key = KeyFactory.getInstance(algorithm).generatePrivate(info.getKeySpec(cipher));
        return key.getAlgorithm();
      } catch (java.security.spec.InvalidKeySpecException e) {
        if (e.getCause() instanceof javax.crypto.BadPaddingException) {
          throw e;
        }
      }
    }
    throw new java.security.InvalidKeyException("no key factory takes it");
  }
}
