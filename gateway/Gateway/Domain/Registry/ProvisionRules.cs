using System.Text;
using NodaTime;
using Quartier.Gateway.Pages;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Registry;

/// <summary>What a device that is registered may be called.</summary>
public static class ProvisionRules
{
    private const int StemMax = 24;
    private const int TextMax = 80;

    /// <summary>A name, place or area as it is kept: one line, at most 80 signs.</summary>
    public static string Short(string? text)
    {
        var line = PlainLine.Of(text ?? "").Trim();
        return line.Length > TextMax ? line[..TextMax] : line;
    }

    /// <summary>A screen is never called like a pod: a DevEUI would pass as a screen's name too.</summary>
    public static bool IsIdOf(DeviceKind kind, string id) =>
        kind == DeviceKind.Screen ? ScreenTopics.IsDeviceId(id) && !DeviceNames.IsDevEui(id) : DeviceNames.IsDevEui(id);

    /// <summary>How a device would stand in the registry. Replacing keeps what is not said; kind and area it never changes.</summary>
    /// <param name="held">The registered device of this id.</param>
    public static Registering Decide(Device? held, AskedDevice asked, bool replace, Instant now)
    {
        var (name, place, area) = (Short(asked.Name), Short(asked.Place), Short(asked.Area));
        if (held is null)
        {
            return name.Length + place.Length == 0
                ? new Registering(null, RegistryRefusal.NameMissing)
                : new Registering(Device.New(asked.Id, asked.Kind, name.Length > 0 ? name : place, place, area, now), null);
        }

        RegistryRefusal? refusal = !held.Revoked && !replace ? RegistryRefusal.Registered
            : held.Kind != asked.Kind && held.Kind != DeviceKind.Unassigned ? RegistryRefusal.OtherKind
            : area.Length > 0 && area != held.Area ? RegistryRefusal.AreaChange
            : null;
        // A device that is called after its place is called after the new one.
        var called = name.Length > 0 ? name : place.Length > 0 && held.Name == held.Place ? place : held.Name;
        return refusal is not null
            ? new Registering(null, refusal)
            : new Registering(held with { Kind = asked.Kind, Name = called, Place = place.Length > 0 ? place : held.Place }, null);
    }

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
