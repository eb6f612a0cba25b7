using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>A text in a drawing. A component, because Razor keeps the tag of that name for itself.</summary>
public sealed class SvgText : ComponentBase
{
    [Parameter] public double X { get; set; }

    [Parameter] public double Y { get; set; }

    /// <summary>start, middle or end.</summary>
    [Parameter] public string Anchor { get; set; } = "start";

    [Parameter] public int Size { get; set; } = 13;

    [Parameter] public string? Text { get; set; }

    public static string Px(double at) => at.ToString("0.#", CultureInfo.InvariantCulture);

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "x", Px(X));
        builder.AddAttribute(2, "y", Px(Y));
        builder.AddAttribute(3, "text-anchor", Anchor);
        builder.AddAttribute(4, "font-size", Px(Size));
        builder.AddAttribute(5, "fill", "currentColor");
        builder.AddContent(6, Text);
        builder.CloseElement();
    }
}
