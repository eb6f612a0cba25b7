using System.Globalization;
using System.Text;

namespace Quartier.Gateway.Outputs.Notify;

/// <summary>Any text as the value of an HTTP header, which may hold visible ASCII and blanks within it: every other byte of its UTF-8, and the percent sign,
/// is written %C3 as in addresses. Different texts stay different, and whoever wants the text decodes it.</summary>
public static class HeaderText
{
    public static string Of(string text)
    {
        var value = new StringBuilder(text.Length);
        var octets = Encoding.UTF8.GetBytes(text);
        foreach (var (place, octet) in octets.Index())
        {
            var isInnerBlank = octet == ' ' && place > 0 && place < octets.Length - 1;
            if (isInnerBlank || octet is > 0x20 and < 0x7F and not (byte)'%')
            {
                value.Append((char)octet);
            }
            else
            {
                value.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        return value.ToString();
    }
}
