using System.CommandLine;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host.Commands;

/// <summary>import FILE|URL…: feeds, calendars and service documents into the catalogue (docs/offers.md).</summary>
public static class ImportCommand
{
    private const int DatesShown = 5;

    private sealed record Options(ImportRequest Request, string Data, Instant Now, Instant? From, Instant? To, bool AllowPrivate, bool Rehearse, bool Json);

    public static Command Create()
    {
        var inputs = new Argument<string[]>("inputs") { Description = "Files or http(s) addresses: RSS 2.0, Atom 1.0, iCalendar, HSDS 3 JSON.", Arity = ArgumentArity.OneOrMore };
        var kind = new Option<string?>("--kind") { Description = "What the source lists. Default: events in feeds and calendars, services in HSDS, calls for volunteers where the feed's name says so." };
        kind.AcceptOnlyFromAmong("event", "service", "volunteering");
        var source = new Option<string?>("--source") { Description = "Name of the source. Default: what the file calls itself, else the file's name. Imports of one name belong together." };
        var sourceUrl = new Option<string?>("--source-url") { Description = "Address a file was fetched from; relative links are resolved against it." };
        var pubDate = new Option<bool>("--pubdate-is-start") { Description = "This source writes the start of the event into pubDate. Kept for the source." };
        var language = new Option<string?>("--language") { Description = "Language of texts that do not say theirs (de)." };
        var keepPast = new Option<bool>("--keep-past") { Description = "Keep entries that are over instead of skipping them." };
        var now = new Option<string?>("--now") { Description = "Moment of the fetch, ISO 8601. Default: now. Entries that ended before its day in Berlin are past." };
        var from = new Option<string?>("--from") { Description = "First moment of the dates that are listed. Default: the day of the fetch." };
        var to = new Option<string?>("--to") { Description = "End of the dates that are listed; a day is included. Default: the next five." };
        var allowPrivate = new Option<bool>("--allow-private") { Description = "Also follow redirects into the local network." };
        var rehearse = new Option<bool>("--dry-run") { Description = "Say what would happen and change nothing." };
        var data = CommandLine.DataOption();
        var json = CommandLine.JsonOption();
        var command = new Command("import", "Imports offers. Exit code 1 when at least one file was refused; a refused file changes nothing.")
        {
            inputs, kind, source, sourceUrl, pubDate, language, keepPast, now, from, to, allowPrivate, rehearse, data, json,
        };
        command.SetAction(async (parsed, stop) =>
        {
            if (!Moment(parsed.GetValue(now), false, out var at) || !Moment(parsed.GetValue(from), false, out var first) || !Moment(parsed.GetValue(to), true, out var last))
            {
                return CommandLine.Usage("--now, --from and --to take ISO 8601: 2026-11-21, 2026-11-21T09:00 (Berlin) or 2026-11-21T08:00:00Z.");
            }

            if (first >= last)
            {
                return CommandLine.Usage("--from comes before --to.");
            }

            var request = new ImportRequest("")
            {
                Kind = Enum.TryParse<OfferKind>(parsed.GetValue(kind), true, out var wanted) ? wanted : null,
                Source = parsed.GetValue(source),
                SourceUrl = parsed.GetValue(sourceUrl),
                PubDateIsStart = parsed.GetValue(pubDate) ? true : null,
                Language = parsed.GetValue(language),
                KeepPast = parsed.GetValue(keepPast),
            };
            var options = new Options(request, parsed.GetRequiredValue(data), at ?? SystemClock.Instance.GetCurrentInstant(), first, last, parsed.GetValue(allowPrivate), parsed.GetValue(rehearse), parsed.GetValue(json));
            return await Import(parsed.GetRequiredValue(inputs), options, stop);
        });
        return command;
    }

    /// <summary>A day as an end is included: its end is the first moment of the next.</summary>
    internal static bool Moment(string? text, bool isEnd, out Instant? moment)
    {
        moment = null;
        if (text is null)
        {
            return true;
        }

        if (!BerlinTime.TryParse(text.Trim(), out var read))
        {
            return false;
        }

        moment = isEnd && text.Trim().Length == 10 ? BerlinTime.StartOf(BerlinTime.DayOf(read).PlusDays(1)) : read;
        return true;
    }

    private static async Task<int> Import(string[] inputs, Options options, CancellationToken stop)
    {
        if (inputs.FirstOrDefault(input => !IsAddress(input) && !File.Exists(input)) is { } missing)
        {
            return CommandLine.Usage(missing.Contains("://", StringComparison.Ordinal) ? $"{missing}: only http and https addresses can be fetched." : $"{missing}: no such file.");
        }

        using var database = Database.Open(options.Data, Tables.All);
        using var desk = new ImportRunner(database);
        using var fetch = new FeedFetch(options.AllowPrivate, trustTyped: true);
        var refused = false;
        foreach (var input in inputs)
        {
            var report = await One(desk, fetch, input, options, stop);
            refused |= report.Refusal is not null;
            Print(report, options);
        }

        return refused ? CommandLine.RefusedInput : CommandLine.Done;
    }

    private static bool IsAddress(string input) => input.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || input.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static async Task<ImportReport> One(ImportRunner desk, FeedFetch fetch, string input, Options options, CancellationToken stop)
    {
        var request = options.Request with { Origin = input };
        byte[]? content;
        if (IsAddress(input))
        {
            if (!Uri.TryCreate(input, UriKind.Absolute, out var address))
            {
                return new ImportReport(input, "", Refusals.Unreachable(input, "Keine gültige Adresse.", "Not a valid address."), []);
            }

            (content, var final, var refusal) = await fetch.Get(address, stop);
            if (refusal is not null)
            {
                return new ImportReport(input, "", refusal, []);
            }

            request = request with { SourceUrl = request.SourceUrl ?? final.AbsoluteUri, Source = request.Source ?? input };
        }
        else
        {
            await using var file = File.OpenRead(input);
            content = file.Length > FeedBytes.LengthMax ? null : await FeedFetch.ReadBounded(file, stop);
        }

        return content is null
            ? new ImportReport(input, "", Refusals.TooLarge(FeedBytes.LengthMax), [])
            : options.Rehearse
                ? await desk.RehearseAsync(content, request, options.Now, stop)
                : (await desk.TakeOverAsync(content, request, options.Now, (_, _) => true, stop))!;
    }

    private static void Print(ImportReport report, Options options)
    {
        if (report.Refusal is { } refusal)
        {
            PrintRefusal(report, refusal, options.Json);
            return;
        }

        var from = options.From ?? BerlinTime.StartOf(BerlinTime.DayOf(options.Now));
        foreach (var line in report.Lines)
        {
            if (options.Json)
            {
                CommandLine.WriteJson(Describe(report, line, from, options.To));
            }
            else
            {
                Console.WriteLine(Words(line, from));
            }
        }

        // The standard output holds one line an entry; what concerns the whole file goes beside it.
        Console.Error.WriteLine($"{report.Origin}: {report.Format}, source “{report.Source}”: {report.Count(ImportRun.Added)} added, {report.Count(ImportRun.Changed)} changed, {report.Count(ImportRun.Unchanged)} unchanged, {report.Count(ImportRun.Withdrawn)} withdrawn, {report.Count(ImportRun.SkippedStatus)} skipped, {report.Kept} kept though not listed.");
        foreach (var warning in report.Warnings)
        {
            Console.Error.WriteLine($"  warning: {warning}");
        }

        if (report.NextPage is { } next)
        {
            Console.Error.WriteLine($"  more entries on the next page: {next}");
        }
    }

    private static void PrintRefusal(ImportReport report, Refusal refusal, bool json)
    {
        if (json)
        {
            CommandLine.WriteJson(new
            {
                file = report.Origin,
                outcome = "refused",
                @class = refusal.Class,
                reason = refusal.Class,
                place = refusal.Place,
                what = refusal.WhatEnglish,
                remedy = refusal.RemedyEnglish,
                what_de = refusal.WhatGerman,
                remedy_de = refusal.RemedyGerman,
            });
            return;
        }

        Console.WriteLine($"{report.Origin}: refused, {refusal.Class} at {refusal.Place}\n  {refusal.WhatEnglish}\n  {refusal.RemedyEnglish}");
    }

    private static object Describe(ImportReport report, ImportLine line, Instant from, Instant? to)
    {
        var warnings = report.Warnings.Where(warning => IsAbout(warning, line.Item) || !report.Lines.Any(other => IsAbout(warning, other.Item))).ToList();
        if (line.View is not { } view)
        {
            return new { file = report.Origin, source = report.Source, outcome = line.Status, item = line.Item, reason = line.Reason, of = line.Of, title = line.Title, next = Array.Empty<object>(), warnings };
        }

        var dates = to is { } end ? ScheduleRules.Between(view.Schedule, from, end) : ScheduleRules.Next(view.Schedule, from, DatesShown);
        return new
        {
            file = report.Origin,
            source = report.Source,
            outcome = line.Status,
            item = line.Item,
            reason = line.Reason,
            id = view.Offer.Id,
            title = line.Title,
            kind = view.Lead.Kind.ToString().ToLowerInvariant(),
            category = CategoryWords.Slug(view.Category),
            language = view.Language,
            place = view.Lead.Place,
            url = view.Url,
            provider = view.Lead.Provider,
            phone = view.Lead.Phone,
            text = view.Lead.Text,
            categories = view.Lead.Categories,
            attachments = view.Lead.Attachments,
            point = view.Lead.Point is { } point ? new { lat = point.Latitude, lon = point.Longitude } : null,
            languages = view.Lead.SpokenLanguages,
            texts = view.Texts.ToDictionary(pair => pair.Key, pair => new { title = pair.Value.Title, text = pair.Value.Text }),
            free = view.Flags.HasFlag(OfferFlags.FreeOfCharge),
            step_free = view.Flags.HasFlag(OfferFlags.StepFree),
            registration = view.Flags.HasFlag(OfferFlags.RegistrationNeeded),
            over = ScheduleRules.IsOver(view.Schedule, from),
            next = dates.Take(to is null ? DatesShown : int.MaxValue).Select(DateOf).ToList(),
            dates = to is null ? (int?)null : dates.Count,
            cancelled_utc = ScheduleRules.CalledOff(view.Schedule, Instant.MinValue, Instant.MaxValue).Select(BerlinTime.Utc).ToList(),
            problems = line.Problems.Select(problem => new { problem.Language, problem.Field, problem.Missing, remedy = problem.English }).ToList(),
            warnings,
        };
    }

    /// <summary>"rule-malformed: ITEM (FREQ=WOCHE)". What is about no entry is about the file and stands with every one.</summary>
    private static bool IsAbout(string warning, string item) =>
        warning.Split(": ", 2) is [_, var about] && about.StartsWith(item, StringComparison.Ordinal) && (about.Length == item.Length || about[item.Length..].StartsWith(" (", StringComparison.Ordinal));

    internal static object DateOf(Occurrence occurrence) => new
    {
        start_utc = BerlinTime.Utc(occurrence.Start),
        end_utc = occurrence.End is { } utc ? BerlinTime.Utc(utc) : null,
        start_local = BerlinTime.Local(occurrence.Start),
        end_local = occurrence.End is { } local ? BerlinTime.Local(local) : null,
        all_day = occurrence.AllDay,
    };

    private static string Words(ImportLine line, Instant from)
    {
        var next = line.View is { } view ? ScheduleRules.Next(view.Schedule, from, 1) : [];
        var when = next.Count > 0 ? $"  next {BerlinTime.Local(next[0].Start)[..16].Replace('T', ' ')}" : "";
        var problems = line.Problems.Count > 0 ? $"  ! {line.Problems[0].English}" : "";
        return $"{line.Status,-9} {line.Title.ReplaceLineEndings(" ")}{(line.Reason is null ? "" : $"  ({line.Item}: {line.Reason}{(line.Of is null ? "" : $" of {line.Of}")})")}{when}{problems}";
    }
}
