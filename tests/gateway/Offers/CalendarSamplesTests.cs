using System.Text.Json;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>Every authored iCalendar sample gives what authored_expected.json states by RFC 5545; every foreign one is read or refused, never thrown at.</summary>
public sealed class CalendarSamplesTests
{
    private static readonly ImportSettings Settings = new(Instant.FromUtc(2026, 11, 21, 8, 0));
    private static readonly Instant From = Instant.FromUtc(2019, 1, 1, 0, 0);
    private static readonly Instant To = Instant.FromUtc(2034, 1, 1, 0, 0);

    public static TheoryData<string> Authored()
    {
        var files = new TheoryData<string>();
        if (SharedData.Root is not null)
        {
            foreach (var file in Expected().EnumerateObject())
            {
                files.Add(file.Name);
            }
        }

        return files;
    }

    public static TheoryData<string> Foreign()
    {
        var files = new TheoryData<string>();
        foreach (var path in SharedData.Root is null ? [] : Directory.GetFiles(SharedData.PathTo("ical"), "*.ics", SearchOption.AllDirectories))
        {
            files.Add(Path.GetRelativePath(SharedData.PathTo("ical"), path));
        }

        return files;
    }

    [SharedDataTheory]
    [MemberData(nameof(Authored))]
    public void An_authored_calendar_gives_the_dates_of_the_standard(string file)
    {
        var expected = Expected().GetProperty(file);
        var reading = Read(file);
        if (expected.TryGetProperty("valid", out var valid) && !valid.GetBoolean())
        {
            Assert.NotNull(reading.Refusal);
            Assert.Empty(reading.Items);
            return;
        }

        Assert.Null(reading.Refusal);
        foreach (var part in expected.EnumerateObject())
        {
            Check(part.Name, part.Value, expected, reading);
        }
    }

    private static void Check(string what, JsonElement value, JsonElement expected, Reading reading)
    {
        var starts = reading.Items.SelectMany(item => ScheduleRules.Between(item.Schedule, From, To)).Select(occurrence => BerlinTime.Utc(occurrence.Start)).Order().ToList();
        string[] Texts() => value.EnumerateArray().Select(text => text.GetString()!).ToArray();
        switch (what)
        {
            case "starts_utc": Assert.Equal(Texts(), starts); break;
            case "cancelled_utc": Assert.Equal(Texts(), reading.Items.SelectMany(item => ScheduleRules.CalledOff(item.Schedule, From, To)).Select(BerlinTime.Utc)); break;
            case "summary": Assert.Equal(value.GetString(), Assert.Single(reading.Items).Title); break;
            case "start_local": Assert.Equal(value.GetString(), BerlinTime.Local(ScheduleRules.Between(reading.Items[0].Schedule, From, To)[0].Start)[..19]); break;
            case "good_events": Assert.Equal(Texts(), reading.Items.Select(item => item.Key)); break;
            case "events": Assert.Equal(value.GetInt32(), reading.Items.Count); break;
            case "days" when value.ValueKind == JsonValueKind.Array: Assert.Equal(Texts(), starts.Select(start => BerlinTime.Local(InstantOf(start))[..10])); break;
            case "days":
                foreach (var title in value.EnumerateObject())
                {
                    Assert.Equal(title.Value.EnumerateArray().Select(day => day.GetString()!), DaysOf(reading.Items.Single(item => item.Title == title.Name)));
                }

                break;
            case "in_window":
                var window = expected.GetProperty("window").EnumerateArray().Select(text => InstantOf(text.GetString()!)).ToArray();
                Assert.Equal(Texts(), reading.Items.SelectMany(item => ScheduleRules.Between(item.Schedule, window[0], window[1])).Where(occurrence => occurrence.Start >= window[0]).Select(occurrence => BerlinTime.Utc(occurrence.Start)));
                break;
            default:
                Assert.Contains(what, new[] { "why", "or", "window", "either" });
                break;
        }
    }

    [SharedDataTheory]
    [MemberData(nameof(Foreign))]
    public void A_foreign_calendar_is_read_or_refused_with_place_and_remedy(string file)
    {
        var reading = Read(file);
        if (reading.Refusal is { } refusal)
        {
            Assert.NotEmpty(refusal.Place);
            Assert.NotEmpty(refusal.RemedyGerman);
            return;
        }

        Assert.All(reading.Items, item => ScheduleRules.Between(item.Schedule, From, To));
    }

    private static IEnumerable<string> DaysOf(OfferItem item)
    {
        var occurrence = Assert.Single(ScheduleRules.Between(item.Schedule, From, To));
        Assert.True(occurrence.AllDay);
        for (var day = BerlinTime.DayOf(occurrence.Start); BerlinTime.StartOf(day) < occurrence.End; day = day.PlusDays(1))
        {
            yield return day.ToString("uuuu-MM-dd", null);
        }
    }

    private static Instant InstantOf(string text) => BerlinTime.TryParse(text, out var instant) ? instant : throw new FormatException(text);

    private static Reading Read(string file) => FeedReader.Read(File.ReadAllBytes(SharedData.PathTo("ical", file)), Settings with { FileName = Path.GetFileName(file) });

    private static JsonElement Expected() => JsonDocument.Parse(File.ReadAllText(SharedData.PathTo("ical", "authored_expected.json"))).RootElement.GetProperty("files");
}
