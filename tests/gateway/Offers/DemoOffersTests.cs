using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Simulator.Demo;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>The demo's quarter: on whatever day somebody starts it, and however long it has run, its screen has something to show.</summary>
public sealed class DemoOffersTests : IDisposable
{
    private readonly string folder = StoreFolder.Create("demo-offers").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Fact]
    public void Every_day_of_two_years_has_offers_in_german_and_english_also_long_after_the_first_start()
    {
        var views = Seeded(new LocalDate(2026, 1, 1));
        var low = new List<string>();
        for (var day = new LocalDate(2026, 1, 1); day.Year < 2028; day = day.PlusDays(1))
        {
            var (today, evening) = (At(views, day, 6, 22), At(views, day, 15, 22));
            if (today.Count < 6 || evening.Count < 2 || today.Count(IsInBoth) < 5 || today.Select(view => view.Category).Distinct().Count() < 3)
            {
                low.Add($"{day:uuuu-MM-dd} {day.DayOfWeek}: {today.Count}, after 15 Uhr {evening.Count}, in English {today.Count(IsInBoth)}");
            }
        }

        Assert.True(low.Count == 0, $"{low.Count}: {string.Join("; ", low.Take(20))}");
    }

    [Theory]
    [InlineData(2026, 1, 1)]
    [InlineData(2026, 4, 5)] // Easter.
    [InlineData(2026, 8, 16)]
    [InlineData(2026, 12, 25)]
    [InlineData(2027, 2, 28)]
    [InlineData(2027, 3, 28)] // The clocks change.
    [InlineData(2027, 10, 31)]
    [InlineData(2027, 12, 31)]
    [InlineData(2028, 2, 29)]
    public void A_first_start_on_any_day_brings_at_least_forty_offers_that_a_screen_can_show(int year, int month, int dayOfMonth)
    {
        var day = new LocalDate(year, month, dayOfMonth);
        var now = BerlinTime.Resolve(day.At(new LocalTime(8, 0)));
        var views = Seeded(day);
        Assert.InRange(views.Count(view => view.IsShownAt(now)), 40, 200);
        Assert.All(views, view => Assert.Empty(CatalogueRules.Problems(view)));
        Assert.All(views, view => Assert.NotNull(CatalogueRules.Build(view, now, null)));
        Assert.All(Enum.GetValues<OfferKind>(), kind => Assert.Contains(views, view => view.Lead.Kind == kind));
        for (var ahead = 0; ahead < 14; ahead++)
        {
            Assert.InRange(At(views, day.PlusDays(ahead), 6, 22).Count, 6, 100);
        }
    }

    private static bool IsInBoth(OfferView view) => view.Texts.ContainsKey("de") && view.Texts.ContainsKey("en");

    private static List<OfferView> At(IEnumerable<OfferView> views, LocalDate day, int fromHour, int toHour)
    {
        var (from, to) = (BerlinTime.Resolve(day.At(new LocalTime(fromHour, 0))), BerlinTime.Resolve(day.At(new LocalTime(toHour, 0))));
        return views.Where(view => ScheduleRules.Between(view.Schedule, from, to).Count > 0).ToList();
    }

    private List<OfferView> Seeded(LocalDate day)
    {
        var now = BerlinTime.Resolve(day.At(new LocalTime(8, 0)));
        using var store = Database.Open(Directory.CreateDirectory(Path.Combine(folder, $"{day:uuuuMMdd}")).FullName, Tables.All, Durability.None);
        store.Write(db => DemoOffers.Seed(db, now));
        return store.Read(OffersTable.All).Select(offer => OfferView.Of(offer, now)).ToList();
    }
}
