using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Xunit;
using Xunit.Abstractions;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>A week of a quarter with more offers than its screens can keep: what a screen has to write to its flash.</summary>
public sealed class CatalogueWeekTests(ITestOutputHelper output) : IDisposable
{
    private static readonly Instant Monday = BerlinTime.Resolve(new LocalDateTime(2026, 11, 30, 0, 0));
    private readonly TestStore store = new();

    public void Dispose() => store.Dispose();

    // 586 offers: 250 weekly, 36 on every day, 200 on one day of the next 40, 100 without dates. Written counts entries sent.
    [Theory]
    // With few places the border lies within a day: what is on every day leaves in the evening and is back in the morning.
    [InlineData(500, 7, 40, 0)]
    [InlineData(100, 28, 350, 60)]
    [InlineData(18, 28, 270, 40)]
    public void In_a_week_a_cut_changes_by_what_ends_and_what_comes_up(int entries, int changesMax, int writtenMax, int backMax)
    {
        Seed();
        var capacity = new ScreenCapacity(entries, ScreenCapacity.Greatest.Bytes);
        Registered.Screens(store.Database, "a-1");
        store.Database.Write(db =>
        {
            CatalogueTable.Confirm(db, "a-1", "", Monday);
            CatalogueTable.Greeted(db, "a-1", capacity, 0);
        });
        HashSet<string>? shown = null;
        var left = new Dictionary<string, Instant>();
        var (written, changes, back) = (0, 0, 0);
        for (var minute = 0; minute < 7 * 24 * 60; minute += 15)
        {
            var now = Monday + Duration.FromMinutes(minute);
            store.Database.Write(db => Catalogue.EnsureBuilt(db, now));
            var next = store.Database.Read(db => CatalogueTable.Cut(db, capacity))!.ToHashSet();
            Assert.Equal(entries, next.Count);
            if (shown is not null && !next.SetEquals(shown))
            {
                changes++;
                written += next.Except(shown).Count();
                back += next.Except(shown).Count(entry => left.TryGetValue(entry, out var at) && now - at < Duration.FromHours(18));
                foreach (var gone in shown.Except(next))
                {
                    left[gone] = now;
                }
            }

            shown = next;
        }

        output.WriteLine($"{entries} of 586: {changes} changes, {written} entries sent, {back} back within 18 h");
        Assert.InRange(changes, 1, changesMax);
        Assert.InRange(written, 1, writtenMax);
        Assert.InRange(back, 0, backMax);
    }

    private void Seed() => store.Database.Write(db =>
    {
        for (var i = 0; i < 586; i++)
        {
            OffersTable.Put(db, OfferOf(i));
        }
    });

    private static Offer OfferOf(int i)
    {
        var hour = 9 + (i % 10);
        var schedule = i switch
        {
            < 250 => Repeated(new LocalDateTime(2026, 11, 2 + (i % 7), hour, 0), "FREQ=WEEKLY"),
            < 286 => Repeated(new LocalDateTime(2026, 11, 2, hour, 0), "FREQ=DAILY"),
            < 486 => Schedule.Single(Evening(new LocalDate(2026, 11, 30).PlusDays(i % 40), hour)),
            _ => Schedule.None,
        };
        var item = new OfferItem($"o{i:000}", $"o{i:000}", i < 286 ? OfferKind.Service : OfferKind.Event, "de", $"Angebot {i}", "Alle sind willkommen.", schedule);
        return new Offer(item.Key, "test", [item], new OfferEdit { Category = (OfferCategory)(i % 12) }, Monday, Monday, Monday);
    }

    private static Schedule Repeated(LocalDateTime start, string rule) => new([], [new Series(BerlinTime.ZoneId, start, false, new SeriesLength(LocalSeconds: 5400), rule)], []);

    private static Occurrence Evening(LocalDate day, int hour)
    {
        var start = BerlinTime.Resolve(day.At(new LocalTime(hour, 0)));
        return new Occurrence(start, start + Duration.FromMinutes(90), false);
    }
}
