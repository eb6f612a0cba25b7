using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>As much of a kiosk as the exchange needs; counts payload bytes both ways and topics.</summary>
internal sealed class DeskScreen(Database database)
{
    public const string DefaultDevice = "eselsberg-1";
    private readonly Dictionary<string, byte[]> kept = [];

    public HashSet<string> Shown { get; private set; } = [];

    public string Digest { get; set; } = "";

    public int Bytes { get; set; }

    public string Device { get; init; } = DefaultDevice;

    /// <summary>What it says; null: nothing.</summary>
    public ScreenCapacity? Capacity { get; set; } = ScreenCapacity.Greatest;

    /// <summary>Takes no manifest, whatever it names, as one whose flash is broken.</summary>
    public bool Refuses { get; init; }

    public int PayloadBytes => Shown.Sum(digest => kept[digest].Length);

    public IEnumerable<string> Offers => Shown.Select(digest => CatalogueEntry.TryDecode(kept[digest], kept[digest].Length, out var entry) ? entry.Id : "?").Order(StringComparer.Ordinal);

    /// <summary>Connects and says hello.</summary>
    public List<Publication> Connect(Instant now)
    {
        var presence = new ScreenPresence { Online = true };
        Assert.Empty(Say(presence, presence.Encode, now));
        return Hello(now);
    }

    public List<Publication> Hello(Instant now)
    {
        var hello = Words();
        var answer = Say(hello, hello.Encode, now);
        Receive(answer, now);
        return answer;
    }

    public void Receive(List<Publication> effects, Instant now)
    {
        Bytes += effects.Sum(effect => effect.Payload.Length + effect.Topic.Length);
        var manifests = new List<CatalogueManifest>();
        foreach (var effect in effects)
        {
            if (effect.Topic.EndsWith("/entry", StringComparison.Ordinal))
            {
                Assert.True(CatalogueEntry.TryDecode(effect.Payload, effect.Payload.Length, out _));
                kept[CatalogueRules.DigestOf(effect.Payload)] = effect.Payload;
            }
            else
            {
                Assert.True(CatalogueManifest.TryDecode(effect.Payload, effect.Payload.Length, out var manifest));
                manifests.Add(manifest!);
            }
        }

        if (manifests.Count > 0)
        {
            Apply(manifests, now);
        }
    }

    private void Apply(List<CatalogueManifest> parts, Instant now)
    {
        var isDelta = parts[0].Base.Length > 0;
        if (Refuses || (isDelta && Convert.ToHexStringLower(parts[0].Base) != Digest))
        {
            return;
        }

        var next = isDelta ? new HashSet<string>(Shown) : [];
        next.ExceptWith(parts.SelectMany(part => Listed(part.Drop)));
        next.UnionWith(parts.SelectMany(part => Listed(part.Add)));
        Assert.Equal(parts[0].EntryCount, next.Count);
        foreach (var missing in next.Where(digest => !kept.ContainsKey(digest)).Chunk(ScreenWant.EntriesMax))
        {
            var want = new ScreenWant { Manifest = parts[0].Digest };
            foreach (var digest in missing)
            {
                want.Entries.TryAdd(Convert.FromHexString(digest), 0);
            }

            Receive(Say(want, want.Encode, now), now);
        }

        Assert.True(next.All(kept.ContainsKey));
        Shown = next;
        Digest = Convert.ToHexStringLower(parts[0].Digest);
        var hello = Words();
        Assert.Empty(Say(hello, hello.Encode, now));
    }

    private ScreenHello Words() => new()
    {
        Firmware = "test", WidthPixels = 320, HeightPixels = 240, PitchMicrometres = 153, Catalogue = Convert.FromHexString(Digest),
        CapacityEntries = Capacity?.Entries ?? 0, CapacityBytes = Capacity?.Bytes ?? 0,
    };

    private static IEnumerable<string> Listed(DigestList list) => Enumerable.Range(0, list.Count).Select(index => Convert.ToHexStringLower(list.Get(index)));

    private List<Publication> Say(object message, Func<byte[], int> encode, Instant now)
    {
        Registered.Screens(database, Device);
        Bytes += encode(new byte[4096]);
        var effects = new List<Publication>();
        database.Write((DbConnection db) => Catalogue.Hear(db, new ScreenHeard(Device, now, message), now, effects));
        return effects;
    }
}
