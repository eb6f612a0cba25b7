using NodaTime;
using Quartier.Gateway.Store;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Checks;
using Quartier.Wire;
using Xunit;
using Run = Quartier.Simulator.Simulation;

namespace Quartier.Tests.Simulation;

/// <summary>A check that cannot fail proves nothing: each is shown a world in which it must.</summary>
public sealed class CheckerTests
{
    private const long Minute = 1_000;

    private static readonly Dictionary<string, long> OverAt = new()
    {
        ["Veranstaltungsreihe für alle"] = Minute - 5,
        ["Sprachcafé"] = Minute - 5,
        ["Sprachcafé für Frauen"] = Minute + 60,
        ["Repair-Café"] = Minute + 60,
    };

    [Theory]
    [InlineData(new[] { "Veranstaltungsreihe für alle" }, "Veranstaltungsreihe für alle")]
    [InlineData(new[] { "Veranstaltungs-", "reihe für alle" }, "Veranstaltungsreihe für alle")]
    [InlineData(new[] { "Veranstaltungsreihe …" }, "Veranstaltungsreihe für alle")]
    [InlineData(new[] { "Sprachcafé", "heute, 15:00" }, "Sprachcafé")]
    [InlineData(new[] { "Sprachcafé für Frauen" }, null)]
    [InlineData(new[] { "Repair-", "Café" }, null)]
    [InlineData(new[] { "Themen", "English" }, null)]
    public void An_offer_that_is_over_is_found_on_the_panel_however_its_title_is_broken(string[] words, string? found) =>
        Assert.Equal(found is null ? [] : [found], NoExpiredOffer.OverOnPanel(words, OverAt, Minute));

    /// <summary>The button "Themen" stands on every first page: an offer of that name, long over, must be reported once.</summary>
    [Fact]
    public void The_checker_looks_at_the_running_panel()
    {
        using var run = new Run(3, Quarter.UsualStart, people: false);
        var checker = new NoExpiredOffer();
        checker.Watch(run.Quarter);
        var buffer = new byte[4096];
        var length = new CatalogueEntry { Id = "x", Languages = ["de"], Titles = ["Themen"], Texts = [""], StartUnixMinutes = [1_000_000], DurationMinutes = [60], AllDay = [false] }.Encode(buffer);
        checker.Hear(new Publication(ScreenTopics.Build(QuarterScreen.Device, ScreenTopics.Entry), buffer[..length], false));
        run.Advance(Duration.FromMinutes(5));
        Assert.StartsWith("\"Themen\" was over", Assert.Single(checker.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void An_alarm_that_nobody_confirmed_in_a_quarter_of_an_hour_is_caught()
    {
        using var run = new Run(3, Quarter.UsualStart, people: false);
        run.Advance(Duration.FromMinutes(5));
        run.Quarter.Server.Conditions.Cut = true;
        run.Quarter.Pods[0].Scene.SetSmoke(true);
        run.Advance(Duration.FromMinutes(20));
        run.Quarter.Server.Conditions.Cut = false;
        run.Run(Duration.FromMilliseconds(1));
        Assert.Contains(run.Checkers.OfType<AlarmsArrive>().Single().Violations, what => what.Contains("unconfirmed", StringComparison.Ordinal));
    }
}
