using System.Text;
using System.Text.Json;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>Every RSS, Atom and HSDS sample ends with exactly the entries, dates, skipped items and refusals that its index.json states.</summary>
public sealed class FeedSamplesTests
{
    public static TheoryData<string, string> Samples()
    {
        var samples = new TheoryData<string, string>();
        foreach (var folder in SharedData.Root is null ? [] : new[] { "rss", "hsds" })
        {
            foreach (var file in Index(folder).GetProperty("files").EnumerateArray())
            {
                samples.Add(folder, file.GetProperty("file").GetString()!);
            }
        }

        return samples;
    }

    [SharedDataTheory]
    [MemberData(nameof(Samples))]
    public void A_sample_ends_with_what_its_index_states(string folder, string name)
    {
        var index = Index(folder);
        var expected = index.GetProperty("files").EnumerateArray().Single(file => file.GetProperty("file").GetString() == name);
        var reading = FeedReader.Read(Bytes(folder, name), Settings(index, expected, folder, name));
        if (expected.GetProperty("outcome").GetString() == "refuse")
        {
            Assert.NotNull(reading.Refusal);
            Assert.Equal(expected.GetProperty("refusal").GetString(), reading.Refusal.Class);
            Assert.NotEmpty(reading.Refusal.Place);
            Assert.NotEmpty(reading.Refusal.RemedyEnglish);
            Assert.Empty(reading.Items);
            if (expected.TryGetProperty("field", out var field))
            {
                Assert.Contains(field.GetString()!, reading.Refusal.WhatEnglish, StringComparison.Ordinal);
            }

            return;
        }

        Assert.True(reading.Refusal is null, reading.Refusal?.ToString());
        var (from, to) = Window(index);
        var now = Now(index);
        IReadOnlyList<Offer> before = [];
        if (expected.TryGetProperty("sequence", out var sequence) && sequence.GetProperty("step").GetInt32() == 2)
        {
            var first = FeedReader.Read(Bytes(folder, "08-guid-wechselt-abruf1.xml"), Settings(index, expected, folder, name));
            before = ImportRules.Plan("s", [], first, now).ToStore;
        }

        var plan = ImportRules.Plan("s", before, reading, now);
        var after = before.Where(offer => plan.Changes.All(change => change.Offer.Id != offer.Id)).Concat(plan.ToStore).ToList();
        CheckChanges(expected, plan);
        CheckEntries(expected, after.Select(offer => OfferView.Of(offer, from)).ToList(), from, to);
        Assert.Equal(
            expected.GetProperty("skipped").EnumerateArray().Select(item => $"{item.GetProperty("item")}: {item.GetProperty("reason")} {(item.TryGetProperty("of", out var of) ? of.GetString() : "")}").Order(),
            reading.Skipped.Select(item => $"{item.Item}: {item.Reason} {item.Of}").Order());
        foreach (var warning in expected.TryGetProperty("warnings", out var warnings) ? warnings.EnumerateArray().ToArray() : [])
        {
            Assert.Contains(warning.GetString(), reading.Warnings);
        }

        Assert.Equal(expected.TryGetProperty("next_page", out var next) ? next.GetString() : null, reading.NextPage);
    }

    private static void CheckChanges(JsonElement expected, ImportPlan plan)
    {
        if (!expected.TryGetProperty("sequence", out var sequence) || !sequence.TryGetProperty("changes", out var changes))
        {
            return;
        }

        string[] Titles(ChangeKind kind) => plan.Changes.Where(change => change.Kind == kind).Select(change => change.Offer.Items[0].Title).ToArray();
        string[] Expected(string name) => changes.GetProperty(name).EnumerateArray().Select(title => title.GetString()!).ToArray();
        Assert.Equal(Expected("added"), Titles(ChangeKind.Added));
        Assert.Equal(Expected("updated"), Titles(ChangeKind.Changed));
        Assert.Equal(Expected("unchanged"), Titles(ChangeKind.Unchanged));
    }

    private static void CheckEntries(JsonElement expected, List<OfferView> views, Instant from, Instant to)
    {
        var entries = expected.GetProperty("entries").EnumerateArray().ToArray();
        Assert.Equal(entries.Select(entry => entry.GetProperty("title").GetString()).Order(), views.Select(view => view.Lead.Title).Order());
        foreach (var entry in entries)
        {
            var view = views.Single(candidate => candidate.Lead.Title == entry.GetProperty("title").GetString());
            Assert.Equal(entry.GetProperty("kind").GetString(), view.Lead.Kind.ToString().ToLowerInvariant());
            Assert.Equal(entry.GetProperty("language").GetString(), view.Language);
            Assert.Equal(entry.GetProperty("place").GetString(), view.Lead.Place);
            Assert.Equal(entry.GetProperty("url").GetString(), view.Url);
            CheckDates(entry, view, from, to);
            CheckOptional(entry, view);
        }
    }

    private static void CheckDates(JsonElement entry, OfferView view, Instant from, Instant to)
    {
        var occurrences = ScheduleRules.Between(view.Schedule, from, to);
        Assert.Equal(entry.GetProperty("occurrences").EnumerateArray().Select(Written), occurrences.Take(5).Select(Written));
        Assert.Equal(entry.GetProperty("occurrences_in_window").GetInt32(), occurrences.Count);
        if (entry.TryGetProperty("last_occurrence_in_window", out var last))
        {
            Assert.Equal(Written(last), Written(occurrences[^1]));
        }

        if (entry.TryGetProperty("first_in_summer", out var summer))
        {
            Assert.Contains(Written(summer), occurrences.Select(Written));
        }

        foreach (var excluded in entry.TryGetProperty("excluded_dates", out var dates) ? dates.EnumerateArray().ToArray() : [])
        {
            Assert.DoesNotContain(excluded.GetString(), occurrences.Select(occurrence => BerlinTime.Local(occurrence.Start)[..10]));
        }
    }

    private static void CheckOptional(JsonElement entry, OfferView view)
    {
        string[] Texts(string name) => entry.TryGetProperty(name, out var list) ? list.EnumerateArray().Select(text => text.GetString()!).ToArray() : [];
        Assert.All(Texts("text_contains"), text => Assert.Contains(text, view.Lead.Text, StringComparison.Ordinal));
        Assert.All(Texts("text_excludes"), text => Assert.DoesNotContain(text, view.Lead.Text, StringComparison.Ordinal));
        if (entry.TryGetProperty("categories", out _))
        {
            Assert.Equal(Texts("categories"), view.Lead.Categories);
        }

        if (entry.TryGetProperty("attachments", out _))
        {
            Assert.Equal(Texts("attachments"), view.Lead.Attachments);
        }

        if (entry.TryGetProperty("languages", out _))
        {
            Assert.Equal(Texts("languages"), view.Lead.SpokenLanguages);
        }

        if (entry.TryGetProperty("point", out var point))
        {
            Assert.Equal(point.ValueKind == JsonValueKind.Null ? null : new GeoPoint(point.GetProperty("lat").GetDouble(), point.GetProperty("lon").GetDouble()), view.Lead.Point);
        }
    }

    private static string Written(JsonElement occurrence) =>
        $"{occurrence.GetProperty("start_local")} {occurrence.GetProperty("end_local")} {occurrence.GetProperty("start_utc")} {occurrence.GetProperty("end_utc")} {(occurrence.TryGetProperty("all_day", out var day) && day.GetBoolean() ? "all day" : "")}";

    private static string Written(Occurrence occurrence) =>
        $"{BerlinTime.Local(occurrence.Start)} {(occurrence.End is { } end ? BerlinTime.Local(end) : "")} {BerlinTime.Utc(occurrence.Start)} {(occurrence.End is { } utc ? BerlinTime.Utc(utc) : "")} {(occurrence.AllDay ? "all day" : "")}";

    private static JsonElement Index(string folder) => JsonDocument.Parse(File.ReadAllText(SharedData.PathTo("feeds", folder, "index.json"))).RootElement;

    private static Instant Now(JsonElement index) => BerlinTime.TryParse(index.GetProperty("reference_time_utc").GetString()!, out var now) ? now : throw new FormatException();

    private static (Instant From, Instant To) Window(JsonElement index)
    {
        var window = index.GetProperty("window");
        BerlinTime.TryParse(window.GetProperty("first_day").GetString()!, out var from);
        BerlinTime.TryParse(window.GetProperty("last_day").GetString()!, out var last);
        return (from, BerlinTime.StartOf(BerlinTime.DayOf(last).PlusDays(1)));
    }

    private static ImportSettings Settings(JsonElement index, JsonElement expected, string folder, string name)
    {
        var settings = new ImportSettings(Now(index)) { FileName = name };
        if (!expected.TryGetProperty("source", out var source))
        {
            return settings;
        }

        return settings with
        {
            Kind = Enum.Parse<OfferKind>(source.GetProperty("kind").GetString()!, ignoreCase: true),
            SourceUrl = new Uri(source.GetProperty("url").GetString()!),
            PubDateIsStart = source.GetProperty("pubdate_is_start").GetBoolean(),
        };
    }

    private static byte[] Bytes(string folder, string name)
    {
        var bytes = File.ReadAllBytes(SharedData.PathTo("feeds", folder, name));
        if (!name.EndsWith(".generator.json", StringComparison.Ordinal))
        {
            return bytes;
        }

        var recipe = JsonDocument.Parse(bytes).RootElement;
        var text = new StringBuilder(recipe.GetProperty("head").GetString());
        for (var i = 0; i < recipe.GetProperty("count").GetInt32(); i++)
        {
            text.Append(recipe.GetProperty("unit").GetString());
        }

        return Encoding.UTF8.GetBytes(text.Append(recipe.GetProperty("tail").GetString()).ToString());
    }
}
