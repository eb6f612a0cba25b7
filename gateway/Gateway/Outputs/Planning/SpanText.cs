using NodaTime.Text;
using Quartier.Gateway.Domain.PodNights;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>A row's pods as ledger and journal spell them: "POD" for all nights of its period, "POD 2026-11-16/2026-11-18" for some. Rows of
/// the first version hold only the former, and digests are over this spelling.</summary>
public static class SpanText
{
    public static IEnumerable<string> Of(LedgerRow row) => row.Pods.Select(span =>
        span.First == row.First && span.Last == row.Last ? span.Pod : $"{span.Pod} {span.First}/{span.Last}");

    public static IReadOnlyList<PodSpan> Read(IEnumerable<string> texts, Night first, Night last) => [.. texts.Select(text =>
        text.LastIndexOf(' ') is var blank and > 0 && text[(blank + 1)..].Split('/') is [var from, var to]
            && LocalDatePattern.Iso.Parse(from) is { Success: true } begin && LocalDatePattern.Iso.Parse(to) is { Success: true } end
            ? new PodSpan(text[..blank], new Night(begin.Value), new Night(end.Value))
            : new PodSpan(text, first, last))];
}
