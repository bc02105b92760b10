import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Turns a MeterReadings document of IEC 61968-9 with one meter into JSON: {@code ReadingToJson FILE.xml}. */
public final class ReadingToJson {
  private static final String NAMESPACE = "http://iec.ch/TC57/2011/MeterReadings#";

  private ReadingToJson() {}

  public static void main(String[] args) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    // Entities of a foreign document reach files and servers of whoever reads it.
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    Document document = factory.newDocumentBuilder().parse(Path.of(args[0]).toFile());
    NodeList readings = document.getElementsByTagNameNS(NAMESPACE, "Readings");
    List<String> values = new ArrayList<>();
    for (int i = 0; i < readings.getLength(); i++) {
      Element reading = (Element) readings.item(i);
      values.add(
          "{\"timeStamp\":" + quoted(text(reading, "timeStamp"))
              + ",\"readingType\":" + quoted(only(reading, "ReadingType").getAttribute("ref"))
              + ",\"value\":" + new BigDecimal(text(reading, "value")).toPlainString() + "}");
    }
    String meter = text(document.getDocumentElement(), "name");
    System.out.println("{\"meter\":" + quoted(meter) + ",\"readings\":[" + String.join(",", values) + "]}");
  }

  private static Element only(Element parent, String name) {
    NodeList found = parent.getElementsByTagNameNS(NAMESPACE, name);
    if (found.getLength() != 1) {
      throw new IllegalArgumentException(found.getLength() + " elements `" + name + "`, expected one");
    }
    return (Element) found.item(0);
  }

  private static String text(Element parent, String name) {
    return only(parent, name).getTextContent().trim();
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
