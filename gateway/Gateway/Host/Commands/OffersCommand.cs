using System.CommandLine;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host.Commands;

/// <summary>offers --from ISO --to ISO: the dates that the catalogue holds in a window, past or coming.</summary>
public static class OffersCommand
{
    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "First moment, ISO 8601; without offset in Berlin.", Required = true };
        var to = new Option<string>("--to") { Description = "End, ISO 8601; a day is included.", Required = true };
        var source = new Option<string?>("--source") { Description = "Only this source." };
        var undated = new Option<bool>("--undated") { Description = "Also offers without any date, after the others." };
        var data = CommandLine.DataOption();
        var json = CommandLine.JsonOption();
        var command = new Command("offers", "Lists the dates of all offers in a window, in order.") { from, to, source, undated, data, json };
        command.SetAction(parsed =>
        {
            if (!ImportCommand.Moment(parsed.GetRequiredValue(from), false, out var first) || !ImportCommand.Moment(parsed.GetRequiredValue(to), true, out var last) || first >= last)
            {
                return CommandLine.Usage("--from and --to take ISO 8601 (2026-11-21, 2026-11-21T09:00, 2026-11-21T08:00:00Z), and --from comes first.");
            }

            using var database = Database.Open(parsed.GetRequiredValue(data), Tables.All);
            var views = database.Read(OffersTable.All)
                .Where(offer => !offer.Withdrawn && !offer.Edit.Hidden && (parsed.GetValue(source) is not { } wanted || offer.Source == wanted))
                .Select(offer => OfferView.Of(offer, first!.Value)).ToList();
            List(views, first!.Value, last!.Value, parsed.GetValue(undated), parsed.GetValue(json));
            return CommandLine.Done;
        });
        return command;
    }

    private static void List(List<OfferView> views, Instant from, Instant to, bool undated, bool json)
    {
        var dated = views.SelectMany(view => ScheduleRules.Between(view.Schedule, from, to).Select(occurrence => (View: view, Occurrence: (Occurrence?)occurrence)))
            .OrderBy(pair => pair.Occurrence!.Start).ThenBy(pair => pair.View.Lead.Title, StringComparer.Ordinal);
        var rest = undated ? views.Where(view => view.Schedule.IsEmpty).OrderBy(view => view.Lead.Title, StringComparer.Ordinal).Select(view => (View: view, Occurrence: (Occurrence?)null)) : [];
        foreach (var (view, occurrence) in dated.Concat(rest))
        {
            if (json)
            {
                CommandLine.WriteJson(new
                {
                    id = view.Offer.Id,
                    source = view.Offer.Source,
                    title = view.Lead.Title,
                    kind = view.Lead.Kind.ToString().ToLowerInvariant(),
                    category = CategoryWords.Slug(view.Category),
                    language = view.Language,
                    place = view.Lead.Place,
                    url = view.Url,
                    start_utc = occurrence is null ? null : BerlinTime.Utc(occurrence.Start),
                    end_utc = occurrence?.End is { } utc ? BerlinTime.Utc(utc) : null,
                    start_local = occurrence is null ? null : BerlinTime.Local(occurrence.Start),
                    end_local = occurrence?.End is { } local ? BerlinTime.Local(local) : null,
                    all_day = occurrence?.AllDay ?? false,
                });
            }
            else
            {
                Console.WriteLine($"{(occurrence is null ? "any time        " : BerlinTime.Local(occurrence.Start)[..16].Replace('T', ' '))}  {view.TitleIn("de")}{(view.Lead.Place is { } place ? $"  ({place})" : "")}");
            }
        }
    }
}
