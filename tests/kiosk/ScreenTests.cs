using Quartier.Board;
using Quartier.Kiosk;
using Quartier.Raster;
using Quartier.Screen;
using Quartier.Tests.Support;
using Quartier.Wire;

namespace Quartier.Tests.Kiosk;

public sealed class ScreenTests
{
    [Fact]
    public void An_hour_without_network_keeps_the_content_shows_its_age_and_drops_what_ended()
    {
        var screen = Connected();
        screen.App.View.Open(Page.List);
        screen.App.View.Category = 6;
        Assert.Contains("Sprachcafé", screen.Run(TimeSpan.FromMinutes(1)).Text, StringComparison.Ordinal);
        screen.Gateway.Online = false;
        screen.Run(TimeSpan.FromMinutes(61));
        Assert.Contains("Kinoabend", screen.Text, StringComparison.Ordinal);
        Assert.Contains("⚠ Stand: vor 6", screen.Text, StringComparison.Ordinal);
        screen.Run(TimeSpan.FromHours(2));
        var everything = "";
        for (var part = 0; part < screen.App.View.PartCount; part++)
        {
            everything += screen.Run(TimeSpan.FromSeconds(10)).Text;
        }

        Assert.DoesNotContain("heute, 15:00", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("jetzt bis 16:00", everything, StringComparison.Ordinal);
        Assert.Contains("heute, 19:00", everything, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_clock_there_is_no_time_and_no_now()
    {
        var screen = Connected();
        screen.TimeKnown = false;
        screen.App.Refresh();
        screen.Run(TimeSpan.FromSeconds(2));
        Assert.Contains("Uhrzeit unbekannt", screen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("jetzt", screen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("heute", screen.Text, StringComparison.Ordinal);
        Assert.Contains("Mi 25. Nov., 13:30–16:00", screen.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("code", "320x240")]
    [InlineData("detail", "480x320")]
    [InlineData("code", "480x320")]
    public void The_QR_code_is_read_from_the_panel_s_pixels(string page, string panel)
    {
        var screen = GoldenScreens.Show(page, "de", "normal", panel);
        Assert.Equal("https://quartier.example.org/a/sprachcafe", Zbar.Read(screen.Canvas.ToPng()));
        screen = GoldenScreens.Show(page, "de", "longest", panel);
        Assert.Equal(Samples.LongWords()[0].Url, Zbar.Read(screen.Canvas.ToPng()));
    }

    [Fact]
    public void Three_keys_reach_every_page_and_come_back()
    {
        var screen = Connected();
        Assert.Equal(Page.Emergency, screen.Press(Key.Previous, Key.Select).App.View.Page);
        Assert.Equal(Page.Now, screen.Press(Key.Next, Key.Select).App.View.Page);
        screen.Press(Key.Previous, Key.Previous, Key.Select);
        Assert.Contains("Topics", screen.Text, StringComparison.Ordinal);
        Assert.Equal(Page.Detail, screen.Press(Key.Next, Key.Next, Key.Select).App.View.Page);
        Assert.Equal(Page.Code, screen.Press(Key.Next, Key.Next, Key.Select).App.View.Page);
        Assert.Equal(Page.Now, screen.Run(TimeSpan.FromMinutes(4)).App.View.Page);
        Assert.Equal("de", screen.App.Words.Language);
        Assert.Equal(35, screen.Backlight);
        Assert.Equal(Page.Now, screen.Press(Key.Select).App.View.Page);
        Assert.Equal(100, screen.Backlight);
    }

    [Fact]
    public void A_touch_opens_what_it_touches()
    {
        var screen = Connected();
        Assert.Equal(Page.Detail, screen.Touch(100, 60).App.View.Page);
        Assert.Equal(Page.Now, screen.Touch(20, 230).App.View.Page);
        Assert.Equal(Page.Categories, screen.Touch(20, 230).App.View.Page);
        Assert.Equal(Page.List, screen.Touch(100, 60).App.View.Page);
    }

    [Fact]
    public void An_idle_step_allocates_nothing_and_draws_nothing()
    {
        var screen = Connected();
        screen.App.View.Open(Page.Emergency);
        screen.App.Refresh();
        screen.Run(TimeSpan.FromSeconds(56));
        var (at, version) = (screen.UptimeMs, screen.Canvas.Version);
        screen.App.Step(at);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < 100; i++)
        {
            screen.App.Step(at + i);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(version, screen.Canvas.Version);
    }

    [Fact]
    public void Every_pair_of_colours_that_carries_words_reaches_seven_to_one()
    {
        var pairs = new List<(int, int)>
        {
            (Theme.Ink, Theme.Paper), (Theme.InkQuiet, Theme.Paper), (Theme.Ink, Theme.PaperTint), (Theme.Alarm, Theme.PaperTint), (Theme.Alarm, Theme.Paper),
            (Theme.OnBar, Theme.Bar), (Theme.OnAlarm, Theme.Alarm), (Theme.OnCaution, Theme.Caution), (Theme.Ink, Theme.Selected), (Theme.InkQuiet, Theme.Selected),
        };
        for (var category = 0; category < 12; category++)
        {
            pairs.Add((Theme.Category(category), Theme.Paper));
            pairs.Add((Theme.Category(category), Theme.Selected));
        }

        Assert.All(pairs, pair => Assert.True(
            Contrast.Ratio(Shown(pair.Item1), Shown(pair.Item2)) >= 7.0, $"{pair.Item1:X6} on {pair.Item2:X6}: {Contrast.Ratio(Shown(pair.Item1), Shown(pair.Item2)):F2}"));
    }

    [Fact]
    public void Contrast_holds_in_drawn_pixels_too()
    {
        foreach (var page in new[] { "now", "categories", "emergency", "detail" })
        {
            var canvas = GoldenScreens.Show(page, "de", "normal", "320x240").Canvas;
            var counts = new Dictionary<int, int>();
            for (var y = 0; y < canvas.Height; y++)
            {
                for (var x = 0; x < canvas.Width; x++)
                {
                    counts[canvas.GetPixel(x, y)] = counts.GetValueOrDefault(canvas.GetPixel(x, y)) + 1;
                }
            }

            var ground = counts.MaxBy(c => c.Value).Key;
            Assert.Equal(0xFFFFFF, ground);
            Assert.Contains(counts, c => c.Value > 200 && Contrast.Ratio(c.Key, ground) >= 7.0);
        }
    }

    [Fact]
    public void The_screen_s_time_is_Berlin_s_at_every_hour_of_twenty_years()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var local = new LocalTime();
        for (var at = new DateTimeOffset(2024, 1, 1, 0, 30, 0, TimeSpan.Zero); at.Year < 2044; at = at.AddHours(1))
        {
            var expected = TimeZoneInfo.ConvertTime(at, berlin);
            local.Set(at.ToUnixTimeSeconds());
            if (local.Year != expected.Year || local.Month != expected.Month || local.Day != expected.Day || local.Hour != expected.Hour
                || local.Minute != expected.Minute || local.Weekday != ((int)expected.DayOfWeek + 6) % 7)
            {
                Assert.Fail($"{at:u}: {local.Day}.{local.Month}.{local.Year} {local.Hour}:{local.Minute}, Berlin has {expected:u}");
            }
        }
    }

    [Fact]
    public void Type_sizes_follow_the_panel_and_the_reader()
    {
        Assert.Equal(15, FontCatalogue.CapPixels(new TypeScale(153, 500).Body));
        Assert.Equal(13, FontCatalogue.CapPixels(new TypeScale(176, 500).Body));
        Assert.Equal(12, FontCatalogue.CapPixels(new TypeScale(203, 500).Body));
        Assert.Equal(15, FontCatalogue.CapPixels(new TypeScale(153, 5000).Body));
    }

    internal static DeskScreen Connected(string panel = "320x240")
    {
        var screen = new DeskScreen(Samples.Wednesday, panel);
        screen.Gateway.Publish(Samples.Quarter());
        return screen.Settle();
    }

    private static int Shown(int rgb) => Rgb565.ToRgb(Rgb565.FromRgb(rgb));
}
