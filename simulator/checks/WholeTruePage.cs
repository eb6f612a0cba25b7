using Quartier.Gateway.Store;
using Quartier.Simulator.Boards;
using Quartier.Wire;

namespace Quartier.Simulator.Checks;

/// <summary>Always: what the screen shows is a catalogue that the gateway once issued, whole, and never none again once it had one. A board
/// that starts has ten seconds until its catalogue is read.</summary>
public sealed class WholeTruePage : Checker
{
    private const long LookMs = 5_000;
    private const long StartMs = 10_000;

    private readonly HashSet<string> issued = [];
    private long startedAtMs;
    private bool wasFull;

    public override string Name => "a whole, true page";

    /// <summary>Looks at the panel so far.</summary>
    public int Looks { get; private set; }

    /// <summary>Hears what the gateway publishes, whether or not it reaches the screen.</summary>
    public void Hear(Publication publication)
    {
        if (ScreenTopics.TryParse(publication.Topic, out _, out var leaf) && leaf == ScreenTopics.Manifest
            && CatalogueManifest.TryDecode(publication.Payload, publication.Payload.Length, out var manifest))
        {
            issued.Add(Convert.ToHexStringLower(manifest.Digest));
        }
    }

    public override void Watch(Quarter quarter)
    {
        quarter.Screen.Restarted += () => startedAtMs = quarter.World.NowMs;
        quarter.World.Every(LookMs, () =>
        {
            if (quarter.World.NowMs - startedAtMs > StartMs)
            {
                Look(quarter);
            }
        });
    }

    private void Look(Quarter quarter)
    {
        Looks++;
        var shown = quarter.Screen.App.Catalogue;
        var digest = Convert.ToHexStringLower(shown.Digest);
        if (shown.Count == 0 && wasFull)
        {
            Violated(quarter, "the catalogue is gone");
        }

        if (shown.Count > 0 && !issued.Contains(digest))
        {
            Violated(quarter, digest.Length == 0 ? $"{shown.Count} entries of a catalogue that is not whole" : $"a catalogue that nobody issued: {digest}");
        }

        if (!quarter.Screen.Sketch.Words.Any())
        {
            Violated(quarter, "an empty panel");
        }

        wasFull |= shown.Count > 0;
    }
}
