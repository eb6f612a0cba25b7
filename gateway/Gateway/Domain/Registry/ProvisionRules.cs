using System.Text;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Registry;

/// <summary>What a device that is registered may be called.</summary>
public static class ProvisionRules
{
    private const int StemMax = 24;
    private const int TextMax = 80;

    /// <summary>A name, place or area as it is kept.</summary>
    public static string Short(string? text) => (text ?? "").Trim() is { Length: > TextMax } tooLong ? tooLong[..TextMax] : (text ?? "").Trim();

    /// <summary>The place as a device id, with the first number that is free: "Quartierszentrale Süd" gives quartierszentrale-sued-1.</summary>
    public static string FreeScreenId(string place, Func<string, bool> isTaken)
    {
        var stem = Stem(place);
        for (var number = 1; ; number++)
        {
            var id = $"{stem}-{number}";
            if (!isTaken(id))
            {
                return id;
            }
        }
    }

    private static string Stem(string place)
    {
        var stem = new StringBuilder();
        foreach (var c in place.ToLowerInvariant())
        {
            var text = c switch
            {
                'ä' => "ae",
                'ö' => "oe",
                'ü' => "ue",
                'ß' => "ss",
                _ when ScreenTopics.IsDeviceId(c.ToString()) => c.ToString(),
                _ => "-",
            };
            if (text != "-" || (stem.Length > 0 && stem[^1] != '-'))
            {
                stem.Append(text);
            }
        }

        var made = stem.ToString();
        made = (made.Length > StemMax ? made[..StemMax] : made).Trim('-');
        return made.Length > 0 ? made : "screen";
    }
}
