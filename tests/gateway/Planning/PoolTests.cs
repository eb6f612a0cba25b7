using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Outputs.Planning;
using Xunit;

namespace Quartier.Tests.Gateway.Planning;

public class PoolTests
{
    [Theory]
    [InlineData("Mitte:2", "Mitte")]
    [InlineData("Mitte:1 West:1", "Mitte + West")]
    [InlineData("Mitte:1 West:5", "Mitte + West")]
    [InlineData("Mitte:3 Ost:1 West:5", "Mitte + Ost|West")]
    [InlineData("Mitte:3 Nord:1 Ost:1 West:5", "Mitte|Nord + Ost|West")]
    [InlineData("Nord:1 Ost:1 West:1", "Nord + Ost + West")]
    [InlineData("Mitte:1", "Mitte")]
    [InlineData("Mitte:1 Stumm:-2 West:1", "Mitte + West|Stumm")]
    public void Areas_with_too_few_pods_are_joined_to_the_next_larger_one(string areas, string pools) =>
        Assert.Equal(pools, string.Join('|', PoolRules.Of([.. areas.Split(' ').Select(Area)], minimumPods: 2).Select(pool => pool.Name)));

    [Fact]
    public void No_figure_is_ever_about_fewer_pods_than_the_minimum()
    {
        var gen = new Support.Gen(30);
        for (var i = 0; i < 500; i++)
        {
            var minimum = gen.Next(2, 6);
            AreaPods[] areas = [.. Enumerable.Range(0, gen.Next(1, 9)).Select(number => Area($"{(char)('A' + number)}:{gen.Next(0, 7)}"))];
            var pools = PoolRules.Of(areas, minimum);
            Assert.Equal(areas.Select(area => area.Area), pools.SelectMany(pool => pool.Areas).Select(area => area.Area).Order());
            Assert.All(pools, pool => Assert.True(pools.Count == 1 || pool.Steady >= minimum));
        }
    }

    [Fact]
    public void Two_areas_of_one_pod_give_one_figure_for_both_names_and_one_pod_alone_gives_none()
    {
        using var desk = new ReleaseStore(seed: 4);
        desk.Database.Write(connection => Dapper.SqlMapper.Execute(connection, "DELETE FROM occupancy_area"));
        desk.Put("a1", "Söflingen", "2026-11-02");
        Assert.Equal(ReleaseRefusal.TooFewPods, desk.Ask("2026-W46", "Söflingen").Refusal);

        desk.Put("b1", "Wiblingen", "2026-11-16");
        var row = desk.Ask("2026-W47", "Söflingen").Row!;
        Assert.Equal(("Söflingen + Wiblingen", 14), (row.Area, row.Offered));
        Assert.False(desk.Ask("2026-W47", "Wiblingen").Drawn);
        Assert.Equal(row.Value, desk.Ask("2026-W47", "Wiblingen").Row!.Value);

        // A third pod makes Wiblingen large enough for later weeks; what was drawn stays the answer.
        desk.Put("b2", "Wiblingen", "2026-11-16");
        desk.Put("a2", "Söflingen", "2026-11-16");
        Assert.Equal("Söflingen + Wiblingen", desk.Ask("2026-W47", "Wiblingen").Row!.Area);
        Assert.Equal("Wiblingen", desk.Ask("2026-W48", "Wiblingen").Row!.Area);
    }

    [Fact]
    public void A_pod_that_is_mostly_silent_does_not_make_an_area_large_enough()
    {
        using var desk = new ReleaseStore();
        desk.Put("a1", "Söflingen", "2026-11-02");
        desk.Put("a2", "Söflingen", "2026-11-02", reports: false);
        Assert.NotEqual("Söflingen", desk.Database.Read(connection => desk.Releases.Pools(connection, ReleasePeriod.TryParse("2026-W47")!))
            .Single(pool => pool.Holds("Söflingen")).Name);
    }

    /// <param name="text">Name and pods; negative: pods that did not report.</param>
    private static AreaPods Area(string text)
    {
        var (name, pods) = (text.Split(':')[0], int.Parse(text.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        var (first, last) = (ReleaseStore.Day("2026-11-16"), ReleaseStore.Day("2026-11-22"));
        PodSpan[] spans = [.. Enumerable.Range(0, Math.Max(1, Math.Abs(pods))).Select(number => new PodSpan($"{name}{number}", first, last))];
        return new AreaPods(name, spans, pods < 0 ? 0 : spans.Length * 7, Math.Max(0, pods));
    }
}
