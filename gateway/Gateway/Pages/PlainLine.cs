namespace Quartier.Gateway.Pages;

/// <summary>Text from outside as one line that commands nothing.</summary>
public static class PlainLine
{
    /// <summary>Line breaks are spaces; other control characters, and those that turn a line's direction, are a dot.</summary>
    public static string Of(string text) => string.Concat(text.Select(sign => sign switch
    {
        '\n' or '\r' or '\t' or '\u2028' or '\u2029' => ' ',
        >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069' => '·',
        _ => char.IsControl(sign) ? '·' : sign,
    })).TrimEnd();
}
