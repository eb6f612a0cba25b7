using System.CommandLine;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Outputs.Preview;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host.Commands;

/// <summary>render --page P --lang L --at TIME --out FILE.png: what a screen would show, drawn by its own firmware.</summary>
public static class RenderCommand
{
    public static Command Create()
    {
        var page = new Option<string>("--page") { Description = "now, categories, list[:CATEGORY NUMBER], detail[:OFFER ID], code[:OFFER ID], emergency.", Required = true };
        var offer = new Option<string?>("--offer") { Description = "For detail and code: the offer's id or how it begins; else the first of now-and-next." };
        var language = new Option<string>("--lang") { Description = "de or en.", DefaultValueFactory = _ => "de" };
        var at = new Option<string>("--at") { Description = "The moment, ISO 8601; without offset in Berlin.", Required = true };
        var file = new Option<string>("--out") { Description = "The picture to write (PNG).", Required = true };
        var panel = new Option<string>("--panel") { Description = "320x240 or 480x320.", DefaultValueFactory = _ => "320x240" };
        var data = CommandLine.DataOption();
        var json = CommandLine.JsonOption();
        var command = new Command("render", "Draws a screen's page from the current catalogue, pixel for pixel.") { page, offer, language, at, file, panel, data, json };
        command.SetAction(parsed =>
        {
            if (!ImportCommand.Moment(parsed.GetRequiredValue(at), false, out var moment) || BerlinTime.DayOf(moment!.Value).Year is < 2000 or > 2099)
            {
                return CommandLine.Usage("--at takes ISO 8601, in the years of a screen's clock, 2000 to 2099: 2026-11-25T14:05, 2026-11-25T13:05:00Z.");
            }

            if (PanelKind.Named(parsed.GetRequiredValue(panel)) is not { } kind || !ScreenPreview.Languages.Contains(parsed.GetRequiredValue(language)))
            {
                return CommandLine.Usage("--panel is 320x240 or 480x320, --lang is de or en.");
            }

            var wanted = parsed.GetRequiredValue(page);
            if (!ScreenPreview.PageNames.Contains(wanted.Split(':')[0]))
            {
                return CommandLine.Usage($"--page is one of {string.Join(", ", ScreenPreview.PageNames)}.");
            }

            if (parsed.GetValue(offer) is { } id)
            {
                if (wanted is not ("detail" or "code"))
                {
                    return CommandLine.Usage("--offer goes with --page detail or --page code.");
                }

                wanted += ":" + id;
            }

            using var database = Database.Open(parsed.GetRequiredValue(data), Tables.All);
            var views = database.Read(OffersTable.All).Select(offer => OfferView.Of(offer, moment!.Value)).Where(view => view.IsShownAt(moment!.Value));
            var entries = CutRules.Order(views, moment!.Value).Select(view => CatalogueRules.Build(view, moment.Value, null)).OfType<BuiltEntry>().Select(entry => entry.Payload).ToList();
            var picture = ScreenPreview.Draw(entries, wanted, parsed.GetRequiredValue(language), moment!.Value.ToUnixTimeSeconds(), kind);
            return Write(picture, wanted, parsed.GetRequiredValue(file), entries.Count, parsed.GetValue(json));
        });
        return command;
    }

    private static int Write(ScreenPicture? picture, string page, string file, int offers, bool json)
    {
        if (picture is null)
        {
            var detail = $"{page}: the catalogue has no such offer or category ({offers} offers).";
            if (json)
            {
                CommandLine.WriteJson(new { outcome = "refused", page, reason = "not-in-the-catalogue", detail });
            }
            else
            {
                Console.Error.WriteLine(detail);
            }

            return CommandLine.RefusedInput;
        }

        File.WriteAllBytes(file, picture.Png);
        if (json)
        {
            CommandLine.WriteJson(new { outcome = "drawn", file, page, offers, lines = picture.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries) });
        }
        else
        {
            Console.WriteLine($"{file}: {page}, {offers} offers");
        }

        return CommandLine.Done;
    }
}
