using System.Data.Common;
using System.Globalization;
using System.Text;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Simulator.Boards;

namespace Quartier.Simulator;

/// <summary>A large quarter's calendar: weekly events with a sentence or two each, through the import that editors use.</summary>
public static class ManyOffers
{
    public const string Source = "Kalender der Stadt";

    /// <param name="changed">The event with this number has another text; -1 for none.</param>
    public static void Import(DbConnection db, int count, Instant now, int changed = -1) =>
        ImportRun.Run(db, Encoding.UTF8.GetBytes(Calendar(count, changed)), new ImportRequest("kalender.ics") { Source = Source, Kind = OfferKind.Event }, now);

    private static string Calendar(int count, int changed)
    {
        var text = new StringBuilder("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Quartier//simulator//DE\r\n");
        var first = BerlinTime.DayOf(Quarter.UsualStart).PlusDays(1);
        for (var number = 0; number < count; number++)
        {
            var day = first.PlusDays(number % 7).ToString("uuuuMMdd", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"BEGIN:VEVENT\r\nUID:{number}@kalender\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:{day}T{8 + (number % 11):00}3000\r\nDURATION:PT90M\r\nRRULE:FREQ=WEEKLY\r\n")
                .Append(CultureInfo.InvariantCulture, $"SUMMARY:Offener Treff Nummer {number}\r\nLOCATION:Bürgerhaus Raum {number % 40}\r\n")
                .Append(CultureInfo.InvariantCulture, $"DESCRIPTION:Alle sind willkommen. Kaffee und Kuchen stehen bereit\\, ein Aufzug ist vorhanden\\, {(number == changed ? "diesmal mit Musik" : "eine Anmeldung braucht es nicht")}.\r\nEND:VEVENT\r\n");
        }

        return text.Append("END:VCALENDAR\r\n").ToString();
    }
}
