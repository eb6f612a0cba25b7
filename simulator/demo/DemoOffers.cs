using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NodaTime;
using Quartier.Gateway.Domain.Offers;

namespace Quartier.Simulator.Demo;

/// <summary>
/// The offers of the demo's fictional quarter, through the very import that editors use. One-off dates are written as {{+N}},
/// N days after the day on which the demo was first started, so that any day of any year has something worth looking at.
/// </summary>
public static partial class DemoOffers
{
    private static readonly (string File, string Source, OfferKind Kind)[] Files =
    [
        ("angebote.json", "Angebote im Quartier", OfferKind.Service),
        ("termine.ics", "Veranstaltungen am Eselsberg", OfferKind.Event),
        ("ehrenamt.xml", "Ehrenamtsbörse", OfferKind.Volunteering),
    ];

    [GeneratedRegex(@"\{\{\+(\d{1,3})\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex DayMark();

    public static void Seed(DbConnection db, Instant now)
    {
        var today = BerlinTime.DayOf(now);
        foreach (var (file, source, kind) in Files)
        {
            var text = DayMark().Replace(Read(file), mark => today.PlusDays(int.Parse(mark.Groups[1].Value, CultureInfo.InvariantCulture)).ToString("uuuuMMdd", CultureInfo.InvariantCulture));
            ImportRun.Run(db, Encoding.UTF8.GetBytes(text), new ImportRequest(file) { Source = source, Kind = kind }, now);
        }
    }

    private static string Read(string file)
    {
        using var stream = typeof(DemoOffers).Assembly.GetManifestResourceStream(file) ?? throw new FileNotFoundException(file);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
