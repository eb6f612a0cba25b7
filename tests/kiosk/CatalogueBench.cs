using System.Security.Cryptography;
using Quartier.Board;
using Quartier.Kiosk;
using Quartier.Wire;

namespace Quartier.Tests.Kiosk;

/// <summary>The store alone on a flash of the real one's size, given catalogues as a session gives them.</summary>
internal sealed class CatalogueBench
{
    public CatalogueBench(MemoryFlash flash)
    {
        Flash = flash;
        Store = new CatalogueStore(flash);
        Store.Open();
        Settle();
    }

    public MemoryFlash Flash { get; }

    public CatalogueStore Store { get; }

    /// <summary>The most calls of the flash that one step of the store made.</summary>
    public int OperationsOfWorstStep { get; private set; }

    /// <summary>The most that taking one entry cost.</summary>
    public int OperationsOfWorstPut { get; private set; }

    /// <summary>Offers of about so many bytes each on the wire.</summary>
    public static byte[][] Offers(int first, int count, int bytes = 1_100) => [.. Enumerable.Range(first, count).Select(i => Offer(i, bytes))];

    public static byte[] Offer(int number, int bytes)
    {
        var entry = Samples.Entry($"o{number}", number % 12, $"Angebot {number}", "", "", "", "Bürgerhaus", "", "", 1, ("2026-11-26T10:00+01:00", 60));
        var buffer = new byte[ScreenFormat.PayloadBytesMax];
        var left = bytes - entry.Encode(buffer);
        entry.Languages = [.. new[] { "ar", "de", "en", "tr" }.Take((left / 1_200) + 1)];
        entry.Titles = [.. entry.Languages.Select(_ => $"Angebot {number}")];
        entry.Texts = [.. entry.Languages.Select((_, i) => new string('x', Math.Clamp(left - (i * 1_200), 0, 1_200)))];
        return buffer[..entry.Encode(buffer)];
    }

    public static byte[] DigestOf(byte[][] catalogue) => SHA256.HashData([.. catalogue.SelectMany(payload => SHA256.HashData(payload)[..8])])[..8];

    /// <summary>Fetches what is missing, one entry a step, and switches.</summary>
    /// <returns>False when it was refused.</returns>
    public bool Show(byte[][] catalogue)
    {
        if (!Store.CanHold(catalogue.Length))
        {
            return false;
        }

        var target = new DigestList(catalogue.Length);
        Store.BeginTarget();
        var missing = new List<byte[]>();
        foreach (var payload in catalogue)
        {
            var digest = SHA256.HashData(payload);
            target.TryAdd(digest, 0);
            if (!Store.Has(digest, 0))
            {
                missing.Add(payload);
            }
        }

        foreach (var payload in missing)
        {
            Settle();
            var before = Flash.Operations;
            if (Store.Put(payload, payload.Length) != FlashStatus.Ok)
            {
                return false;
            }

            OperationsOfWorstPut = Math.Max(OperationsOfWorstPut, Flash.Operations - before);
        }

        var switched = Store.Switch(target, DigestOf(catalogue), 1_795_000_000);
        Settle();
        return switched;
    }

    /// <summary>Whether this very catalogue is on show and every one of its entries can be read.</summary>
    public bool Shows(byte[][] catalogue)
    {
        var shown = Store.Current;
        return shown.Count == catalogue.Length && shown.Digest.AsSpan().SequenceEqual(DigestOf(catalogue))
            && catalogue.All(payload => Store.TryGet(SHA256.HashData(payload), 0, out _));
    }

    /// <summary>Steps until the store has nothing to do.</summary>
    public void Settle()
    {
        for (var still = 0; still < 3;)
        {
            var before = Flash.Operations;
            Store.Step();
            OperationsOfWorstStep = Math.Max(OperationsOfWorstStep, Flash.Operations - before);
            still = Store.Ready && Flash.Operations == before ? still + 1 : 0;
        }
    }
}
